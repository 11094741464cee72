using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Commands;

/// <summary>
/// <c>aime inject</c>: says something to instances, whether they are finished, paused or running, and waits for what comes
/// of it.
/// </summary>
internal static class InjectCommand
{
    public static Command Create()
    {
        var instance = new Argument<string?>("instance")
        {
            Description = "An instance such as aligned-1, or run/instance; left out with --all-of",
            Arity = ArgumentArity.ZeroOrOne,
        };
        instance.CompletionSources.Add(Completions.Instances);
        var text = new Argument<string?>("text")
        {
            Description = "What is said to it; - reads it from standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<string?>("--file")
        {
            Description =
                "Stimuli to say one after another: JSON Lines such as {\"id\": \"s1\", \"text\": \"Who are you?\", \"topic\": \"self\"}",
            HelpName = "stimuli.jsonl",
        };
        var allOf = new Option<string?>("--all-of")
        {
            Description = "Say it to every instance of this run, and show the answers side by side",
            HelpName = "run",
        };
        var variant = new Option<string?>("--variant")
        {
            Description = "Of the run, only the instances of this variant",
            HelpName = "name",
        };
        var topic = new Option<string>("--topic")
        {
            Description = "The stimulus' topic",
            HelpName = "word",
            DefaultValueFactory = _ => "talk",
        };
        var noWait = new Option<bool>("--no-wait")
        {
            Description =
                "Return as soon as it is durable in the run's inbox; it is answered when the run's host takes it, or at "
                + "the next inject, console or run",
        };
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = SharedOptions.WholeOption(
            "--parallel",
            "Threads for model work where this process hosts the instances, as many as there are cores unless told otherwise",
            least: 1,
            most: 1024
        );
        var json = SharedOptions.JsonOption(
            "One JSON object an answer: {\"instance\", \"cycle\", \"input\", \"output\", \"reflection\", \"verdict\", ...}"
        );
        instance.CompletionSources.Add(Completions.Instances);
        allOf.CompletionSources.Add(Completions.Runs);
        var command = new Command(
            "inject",
            "Say something to an instance, outside its plan, and wait for its answer, its reflection and the verdict"
        )
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
                                : throw new UsageException("with --all-of or --variant, name no instance: say only the text")
                        );
                var inputs = Inputs(said, parsed.GetValue(file), parsed.GetRequiredValue(topic));
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var target = await InputTarget.FindAsync(opened, to, parsed.GetValue(allOf), parsed.GetValue(variant));
                return await InputSubmission.RunAsync(
                    parsed.GetRequiredValue(store),
                    target,
                    inputs,
                    new InputOptions(
                        (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount),
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
                : throw new UsageException("say either a text or a --file, not both");
        var said = text switch
        {
            null => throw new UsageException(
                "nothing to say: give a text in quotes, - for standard input, or --file. For example: "
                    + $"{Invocation.Of("inject", "aligned-1", "Who are you?")}"
            ),
            "-" => System.Console.In.ReadToEnd().Trim(),
            _ => text.Trim(),
        };
        return said.Length > 0 ? [new Input.Said(said, topic)] : throw new UsageException("nothing to say: the text is empty");
    }
}
