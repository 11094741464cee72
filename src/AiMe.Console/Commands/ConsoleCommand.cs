using System.CommandLine;
using AiMe.Console.Repl;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime console</c>: an interactive session with one AiMe.</summary>
internal static class ConsoleCommand
{
    /// <summary>Options of a session.</summary>
    private sealed record Options(StoreAddress Store, Synchronous Synchronous, int Parallel, TalkStyle Style);

    public static Command Create()
    {
        var instance = new Argument<string?>("instance")
        {
            Description =
                "An instance of the store such as inward-1, or run/instance. Omit it to talk to a new instance, which the "
                + "options below describe",
            Arity = ArgumentArity.ZeroOrOne,
        };
        instance.CompletionSources.Add(Completions.Instances);
        var charter = new Option<string?>("--charter")
        {
            Description = "Charter of the new instance. Default: the experiment's charter",
            HelpName = "file",
        };
        var experiment = new Option<string?>("--experiment")
        {
            Description =
                "Experiment whose settings the new instance uses, without its stimuli and replicates. Default: the shipped talk.yaml",
            HelpName = "file",
        };
        var variant = new Option<string?>("--variant")
        {
            Description = "A variant of the experiment; optional if it has only one",
            HelpName = "name",
        };
        var name = new Option<string?>("--as")
        {
            Description = "Name of the new instance: small letters, digits and hyphens",
            HelpName = "name",
        };
        var seed = SharedOptions.SeedOption();
        var sets = SharedOptions.SetOption();
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = ParallelOption.Create("Threads for model work. Default: the number of cores");
        var json = SharedOptions.JsonOption(
            "One JSON object per turn and per command; the first and the last object describe the instance"
        );
        var command = new Command(
            "console",
            "Talk to one instance: to one of the store, or to a new one. The same options resume a new one later. "
                + "Lines come from the keyboard, or from standard input as a script"
        )
        {
            instance,
            charter,
            experiment,
            variant,
            name,
            seed,
            sets,
            store,
            synchronous,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                var wish = new TalkRequest(
                    parsed.GetValue(charter),
                    parsed.GetValue(experiment),
                    parsed.GetValue(variant),
                    parsed.GetValue(name),
                    parsed.GetValue(seed),
                    parsed.GetValue(sets) ?? []
                );
                var address = parsed.GetRequiredValue(store);
                if (parsed.GetValue(instance) is not null && wish.Given is [var first, ..])
                    throw new UsageException(
                        $"{first} describes a new instance and cannot be combined with the name of an instance; expected one of the two"
                    );
                var target = parsed.GetValue(instance) is { } known ? await TalkTarget.NamedAsync(address, known) : TalkTarget.Wished(wish);
                return await TalkAsync(
                    target,
                    new Options(
                        address,
                        parsed.GetValue(synchronous),
                        parsed.Threads(parallel),
                        new TalkStyle(parsed.GetValue(json), System.Console.IsInputRedirected)
                    )
                );
            }
        );
        return command;
    }

    private static async Task<int> TalkAsync(TalkTarget target, Options options)
    {
        using var signals = new TalkSignals(options.Style.Scripted);
        await using var store = await Stores.OpenAsync(options.Store, options.Synchronous, signals.Now, CancellationToken.None);
        var stream = options.Style is { Scripted: false, Json: false } && !System.Console.IsOutputRedirected ? new AnswerStream() : null;
        var host = await TalkHost.OpenAsync(store, target, options.Parallel, stream, signals.Leaving);
        await using var visit = host.Visit;
        var wrap = new WordWrap(System.Console.Out, System.Console.IsOutputRedirected ? null : () => TerminalWriter.Output.Profile.Width);
        var talk = new Conversation(new TalkPlace(store, visit, host.Plan), target.Instance, stream, wrap, signals.Now);
        if (talk.Progress.Status == InstanceState.Parked)
            throw new UsageException(talk.Parked());
        var words = await TalkWords.OfAsync(talk);
        words.Greet(host, options.Style.Json);
        var code = await new TalkLoop(talk, await SourceAsync(store, options), signals, options.Style).RunAsync();
        await visit.CloseAsync(signals.Now);
        await visit.CatchUpAsync(CancellationToken.None);
        await words.PartAsync(options.Style.Json);
        return code;
    }

    private static async Task<ILineSource> SourceAsync(EventStore store, Options options)
    {
        // Reads the bytes directly: the console's own reader would decode them by the locale.
        if (options.Style.Scripted)
            return new ScriptSource(new StreamReader(System.Console.OpenStandardInput()));
        if (
            System.Console.IsOutputRedirected
            || Environment.GetEnvironmentVariable("TERM") is "dumb" or "" or null && !OperatingSystem.IsWindows()
        )
            return new PlainSource(System.Console.In, System.Console.IsOutputRedirected ? System.Console.Error : System.Console.Out);
        var runs = await StoreLookup.RunsAsync(store, CancellationToken.None);
        return new TerminalSource(
            Path.Combine(store.Root, "console-history"),
            [.. runs.SelectMany(r => r.Instances.Keys).Distinct(StringComparer.Ordinal)]
        );
    }
}
