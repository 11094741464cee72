using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.Runs.InstanceFiles;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Commands;

/// <summary><c>aime import</c>: restores whole lives, or tells an instance experiences that happened elsewhere.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file")
        {
            Description =
                "A file of lives, as export --as life writes it; or JSON Lines: {\"input\", \"output\", \"reflection\", "
                + "\"timestamp\"} as export writes them, {\"prompt\", \"completion\"}, or {\"messages\": [...]}",
        };
        var into = new Option<string?>("--into")
        {
            Description = "The instance that is told the experiences, such as aligned-1, or run/instance. A file of lives names its own",
            HelpName = "instance",
        };
        var topic = new Option<string?>("--topic")
        {
            Description = "The topic of lines that name none; told unless told otherwise",
            HelpName = "word",
        };
        var noWait = new Option<bool>("--no-wait") { Description = "Return as soon as they are durable in the run's inbox" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check the whole file, say what it comes to, and write nothing" };
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = SharedOptions.WholeOption(
            "--parallel",
            "Threads for model work where this process hosts the instance, as many as there are cores unless told otherwise",
            least: 1,
            most: 1024
        );
        var json = SharedOptions.JsonOption(
            "One JSON object an experience, as inject prints them; of a file of lives one object: {\"run\", \"digest\", "
                + "\"dryRun\", \"rows\", \"blobs\", \"lives\"}"
        );
        into.CompletionSources.Add(Completions.Instances);
        var command = new Command(
            "import",
            "Restore whole lives from a file; or tell an instance experiences that happened elsewhere: each is measured, "
                + "judged by its policy, remembered, and learned from where it is kept"
        )
        {
            file,
            into,
            topic,
            noWait,
            dryRun,
            store,
            synchronous,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (path, address) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(store));
                if (File.Exists(path) && await InstanceImport.IsOneAsync(path, cancellationToken))
                {
                    if (
                        ((Option[])[into, topic, noWait, parallel]).FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is
                        { } idle
                    )
                        throw new UsageException(
                            $"{idle.Name}: {path} is a file of lives, which are restored as they were, under their own "
                                + $"names: leave {idle.Name} out"
                        );
                    return await RestoreOptions.RunAsync(
                        path,
                        address,
                        parsed.GetValue(synchronous),
                        parsed.GetValue(dryRun),
                        parsed.GetValue(json),
                        cancellationToken
                    );
                }

                var inputs = InputSubmission.Read(InputFile.Experiences(path, parsed.GetValue(topic) ?? "told"), path);
                if (parsed.GetValue(into) is not { } instance)
                    throw new UsageException(
                        $"--into is missing: which instance is told the {Lines.Count(inputs.Length, "experience")} of "
                            + $"{path}? `{Invocation.Of(["list", .. address.Arguments])}` shows them"
                    );
                await using var opened = Stores.OpenReadOnly(address);
                var target = await InputTarget.FindAsync(opened, instance, run: null, variant: null);
                if (parsed.GetValue(dryRun))
                {
                    TerminalWriter.Line(
                        $"{Lines.Count(inputs.Length, "experience")} would be told to {target.Run.Plan!.Run}/{target.Instances[0]}."
                    );
                    return ExitCode.Done;
                }

                return await InputSubmission.RunAsync(
                    address,
                    target,
                    inputs,
                    new InputOptions(
                        (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount),
                        Wait: !parsed.GetValue(noWait),
                        parsed.GetValue(json),
                        Told: true,
                        parsed.GetValue(synchronous)
                    )
                );
            }
        );
        return command;
    }
}
