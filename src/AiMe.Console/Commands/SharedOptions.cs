using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiMe.Corpora;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>Options that several commands share, and what they stand for.</summary>
internal static class SharedOptions
{
    /// <summary>
    /// Where a PostgreSQL store keeps what is no row. Stands beside <c>--store</c> on every command; the store's own parser
    /// reads it.
    /// </summary>
    private static readonly Option<string?> s_blobs = new("--blobs")
    {
        Description =
            "For a PostgreSQL store, the directory for its blobs/, models/ and corpora/. Default: $AIME_BLOBS, else "
            + $"{StoreAddress.DefaultDirectory}",
        HelpName = "directory",
        CompletionSources = { Completions.Directories },
    };

    public static Option<StoreAddress> StoreOption()
    {
        var store = new Option<StoreAddress>("--store")
        {
            Description =
                "A directory with journal.db, blobs/ and models/, or a PostgreSQL database as Host=...;Database=... or "
                + $"postgresql://. Default: $AIME_STORE, else {StoreAddress.DefaultDirectory}",
            HelpName = "directory|database",
            CustomParser = result => Address(result, result.Tokens is [var token] ? token.Value : "", typed: true),
            DefaultValueFactory = result => Address(result, Variable("AIME_STORE") ?? StoreAddress.DefaultDirectory, typed: false)!,
        };
        store.CompletionSources.Add(Completions.Directories);
        return store;
    }

    /// <summary>Puts <c>--blobs</c> behind <c>--store</c> on each command that has that.</summary>
    public static void AddBlobs(Command command)
    {
        if (command.Options.IndexOf(command.Options.FirstOrDefault(o => o.Name == "--store")!) is var at and >= 0)
            command.Options.Insert(at + 1, s_blobs);
        foreach (var below in command.Subcommands)
            AddBlobs(below);
    }

    public static Option<bool> JsonOption(string what) => new("--json") { Description = what };

    public static Option<string[]> SetOption() =>
        new("--set")
        {
            Description =
                "Override one value of the experiment, such as train.every=12 or, in quotes for the shell, "
                + "'variants.aligned.curate=[{dedupe: 0.8}]'; may be repeated",
            HelpName = "path=value",
        };

    public static Option<long?> SeedOption() => WholeOption("--seed", "The run's seed: the same as --set seed=N", least: 0);

    /// <summary>An option that takes a whole number; null where it is not given.</summary>
    public static Option<long?> WholeOption(string name, string what, long least, long most = long.MaxValue) =>
        new(name)
        {
            Description = what,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (
                    long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= least
                    && number <= most
                )
                    return number;
                result.AddError(
                    $"{name}: found '{text}', expected a whole number "
                        + $"{(most < long.MaxValue ? $"from {least} to {most}" : $"of {least} or more")}"
                );
                return null;
            },
        };

    /// <summary>
    /// An option that takes one of some names, or several of them where it may be repeated; an unknown one is answered with
    /// the nearest.
    /// </summary>
    public static Option<string[]> OneOf(string name, string what, IReadOnlyCollection<string> known, bool many = true)
    {
        var option = new Option<string[]>(name)
        {
            Description = what,
            HelpName = string.Join('|', known),
            Arity = many ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result =>
            {
                string[] found = [.. result.Tokens.Select(t => t.Value)];
                foreach (var unknown in found.Except(known, StringComparer.Ordinal))
                    result.AddError($"{name}: found '{unknown}', expected one of {string.Join(", ", known)}{Nearest.Hint(unknown, known)}");
                return found;
            },
        };
        option.CompletionSources.Add([.. known]);
        return option;
    }

    /// <summary>Refuses names that do not exist.</summary>
    /// <exception cref="UsageException">The first that does not.</exception>
    public static void RefuseUnknown(string option, IEnumerable<string> found, IReadOnlyCollection<string> known, string what)
    {
        foreach (var unknown in found.Where(f => !known.Contains(f, StringComparer.Ordinal)))
            throw new UsageException(
                $"{option}: there is no {what} '{unknown}'; there is {string.Join(", ", known)}{Nearest.Hint(unknown, known)}"
            );
    }

    public static Argument<string> ExperimentArgument()
    {
        var experiment = new Argument<string>("experiment")
        {
            Description = "An experiment file, or the name of a shipped one, such as quickstart",
        };
        experiment.CompletionSources.Add(Completions.Experiments);
        return experiment;
    }

    public static Argument<string> InstanceArgument()
    {
        var instance = new Argument<string>("instance")
        {
            Description = "An instance such as aligned-1, or run/instance where several runs have one of that name",
        };
        instance.CompletionSources.Add(Completions.Instances);
        return instance;
    }

    public static Argument<string> RunOrInstanceArgument()
    {
        var either = new Argument<string>("run|instance")
        {
            Description = "A run (its id or its beginning), an instance such as aligned-1, or run/instance",
        };
        either.CompletionSources.Add(Completions.Runs);
        either.CompletionSources.Add(Completions.Instances);
        return either;
    }

    /// <summary>The experiment, or every problem on standard error.</summary>
    /// <exception cref="UsageException">It cannot run.</exception>
    /// <param name="experiment">A file, or the name of a shipped experiment.</param>
    /// <param name="advise">Tell also what can run and is surely not what was meant.</param>
    public static Experiment Load(string experiment, string[]? sets, long? seed, bool advise = false)
    {
        var path = BundledFiles.Resolve(experiment);
        var loaded = ExperimentFile.Load(path, [.. sets ?? [], .. seed is { } s ? [$"seed={s}"] : Array.Empty<string>()]);
        foreach (var problem in advise ? loaded.Problems.AddRange(loaded.Advice) : loaded.Problems)
            System.Console.Error.WriteLine(problem); // unbroken: editors jump to file:line:column
        var errors = loaded.Problems.Count(p => p.Severity == Severity.Error);
        return loaded.Experiment
            ?? throw new UsageException(
                $"{(loaded.Problems.Select(p => p.At.File).Distinct(StringComparer.Ordinal).ToArray() is [var only] ? only : $"{path} and what it names")} "
                    + $"{(errors == 1 ? "has 1 problem" : $"has {errors} problems")}; nothing was written."
            );
    }

    // Also what stands in a variable goes through here, since an option's default has no parser.
    private static StoreAddress? Address(SymbolResult result, string text, bool typed)
    {
        var blobs = result.GetResult(s_blobs) is { Implicit: false } given ? given.GetValueOrDefault<string?>() : null;
        try
        {
            var address = StoreAddress.Parse(text, blobs ?? Variable("AIME_BLOBS"));
            if (typed && address is PostgresAddress { HasPassword: true })
                result.AddError(
                    "--store: a password stands in it, where other users of this machine and the shell's history see it: "
                        + "leave it out, and set PGPASSWORD, name a file of passwords in PGPASSFILE, or put the whole address "
                        + "into AIME_STORE"
                );
            else if (blobs is not null && address is DirectoryAddress)
                result.AddError(
                    "--blobs: the store is a directory, which keeps its blobs and models itself: leave --blobs out, or "
                        + "name a PostgreSQL database in --store"
                );
            return address;
        }
        catch (StoreAddressException e)
        {
            result.AddError(
                $"{(typed ? "--store" : "AIME_STORE")}: {e.Message}{(e.Unknown is { } unknown ? Nearest.Hint(unknown, e.Known) : "")}"
            );
            return null;
        }
    }

    /// <summary>A variable of the environment; null where it is empty.</summary>
    internal static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
