using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Commands;

/// <summary>
/// <c>aime inject</c>: sends input to instances, whether they are finished, paused or running, and waits for the
/// result.
/// </summary>
internal static class InjectCommand
{
    public static Command Create()
    {
        var instance = new Argument<string?>("instance")
        {
            Description = "An instance such as inward-1, or run/instance; omit it with --all-of",
            Arity = ArgumentArity.ZeroOrOne,
        };
        instance.CompletionSources.Add(Completions.Instances);
        var text = new Argument<string?>("text")
        {
            Description = "The text to send; - reads it from standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<string?>("--file")
        {
            Description =
                "Stimuli to send one after another: JSON Lines such as {\"id\": \"s1\", \"text\": \"Who are you?\", \"topic\": \"self\"}",
            HelpName = "stimuli.jsonl",
        };
        var allOf = new Option<string?>("--all-of")
        {
            Description = "Send it to every instance of this run, and show the answers side by side",
            HelpName = "run",
        };
        var variant = new Option<string?>("--variant") { Description = "Only the instances of this variant", HelpName = "name" };
        var topic = new Option<string>("--topic")
        {
            Description = "Topic of the stimulus",
            HelpName = "word",
            DefaultValueFactory = _ => "talk",
        };
        var noWait = new Option<bool>("--no-wait")
        {
            Description =
                "Return when the input is durable in the run's inbox. The process that hosts the run takes it from there; without "
                + "such a process, the next inject, console or run does",
        };
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = ParallelOption.Create("Threads for model work if this process hosts the instances. Default: the number of cores");
        var json = SharedOptions.JsonOption(
            "One JSON object per answer: {\"instance\", \"cycle\", \"input\", \"output\", \"reflection\", \"verdict\", ...}"
        );
        allOf.CompletionSources.Add(Completions.Runs);
        var command = new Command("inject", "Send unplanned input to an instance, and wait for its answer, its reflection and the verdict")
        {
            instance,
            text,
            file,
            allOf,
            variant,
            topic,
            noWait,
            store,
            synchronous,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                var (to, said) =
                    parsed.GetValue(allOf) is null && parsed.GetValue(variant) is null
                        ? (parsed.GetValue(instance), parsed.GetValue(text))
                        : (
                            null,
                            parsed.GetValue(text) is null
                                ? parsed.GetValue(instance)
                                : throw new UsageException("found an instance with --all-of or --variant, expected only the text")
                        );
                var inputs = Inputs(said, parsed.GetValue(file), parsed.GetRequiredValue(topic));
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var target = await InputTarget.FindAsync(opened, to, parsed.GetValue(allOf), parsed.GetValue(variant));
                return await InputSubmission.RunAsync(
                    parsed.GetRequiredValue(store),
                    target,
                    InputSubmission.For(target, inputs),
                    new InputOptions(
                        parsed.Threads(parallel),
                        Wait: !parsed.GetValue(noWait),
                        parsed.GetValue(json),
                        Told: false,
                        parsed.GetValue(synchronous)
                    )
                );
            }
        );
        return command;
    }

    private static ImmutableArray<Input> Inputs(string? text, string? file, string topic)
    {
        if (file is not null)
            return text is null
                ? InputSubmission.Read(InputFile.Stimuli(file), file)
                : throw new UsageException("found a text and --file, expected one of them");
        var said = text switch
        {
            null => throw new UsageException(
                "found no input, expected a text in quotes, - for standard input, or --file. For example: "
                    + $"{Invocation.Of("inject", "inward-1", "Who are you?")}"
            ),
            "-" => System.Console.In.ReadToEnd().Trim(),
            _ => text.Trim(),
        };
        return said.Length > 0 ? [new Input.Said(said, topic)] : throw new UsageException("found an empty text, expected input");
    }
}
