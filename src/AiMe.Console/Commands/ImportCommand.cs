using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Journal;
using AiMe.Lab.Runs.InstanceFiles;

namespace AiMe.Console.Commands;

/// <summary><c>aime import</c>: restores whole instances, or gives an instance experiences from elsewhere.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file")
        {
            Description =
                "A file written by `aime export` in any form; or pairs, chats, instructions, preferences or ChatGPT's "
                + "conversations.json, as JSON Lines, a JSON list or a table. docs/FILES.md lists the forms",
        };
        var into = new Option<string?>("--into")
        {
            Description =
                "The instance that receives the experiences, such as inward-1, or run/instance. A file of whole instances needs no name",
            HelpName = "instance",
        };
        var topic = new Option<string?>("--topic") { Description = "Topic of lines without a topic. Default: told", HelpName = "word" };
        var noWait = new Option<bool>("--no-wait") { Description = "Return when the experiences are durable in the run's inbox" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check the whole file, print a summary, and write nothing" };
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = SharedOptions.WholeOption(
            "--parallel",
            "Threads for model work if this process hosts the instance. Default: the number of cores",
            least: 1,
            most: 1024
        );
        var json = SharedOptions.JsonOption(
            "One JSON object per experience, as inject prints them; for a file of whole instances one object: {\"run\", \"digest\", "
                + "\"dryRun\", \"rows\", \"blobs\", \"instances\"}"
        );
        into.CompletionSources.Add(Completions.Instances);
        var command = new Command(
            "import",
            "Restore whole instances from a file; or give an instance experiences from elsewhere: each is measured, "
                + "judged by its policy, remembered, and used for training if it is kept"
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
                            $"{idle.Name} does not apply: {path} holds whole instances, which are restored unchanged under their own "
                                + $"names; omit {idle.Name}"
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

                var read = ImportSubmission.Read(path);
                if (parsed.GetValue(into) is not { } instance)
                    throw new UsageException(
                        $"--into is missing: name the instance that receives the {Lines.Count(read.Experiences.Length, "experience")} of "
                            + $"{path}. To list the instances: `{Invocation.Of(["list", .. address.Arguments])}`"
                    );
                InputTarget target;
                await using (var opened = Stores.OpenReadOnly(address))
                    target = await InputTarget.FindAsync(opened, instance, run: null, variant: null);
                return await ImportSubmission.RunAsync(
                    address,
                    target,
                    read,
                    parsed.GetValue(topic) ?? "told",
                    parsed.GetValue(dryRun),
                    new InputOptions(
                        (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount),
                        Wait: !parsed.GetValue(noWait),
                        parsed.GetValue(json),
                        Told: true,
                        parsed.GetValue(synchronous)
                    ),
                    cancellationToken
                );
            }
        );
        return command;
    }
}
