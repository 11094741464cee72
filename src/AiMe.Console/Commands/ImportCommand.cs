using System.CommandLine;
using AiMe.Lab;

namespace AiMe.Console.Commands;

/// <summary><c>aime import</c>: tells an instance experiences that happened elsewhere.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "JSON Lines: {\"input\", \"output\", \"reflection\", \"timestamp\"} as export writes them, {\"prompt\", \"completion\"}, or {\"messages\": [...]}" };
        var into = new Option<string>("--into") { Description = "The instance that is told them, such as aligned-1, or run/instance", HelpName = "instance", Required = true };
        var topic = new Option<string>("--topic") { Description = "The topic of lines that name none", HelpName = "word", DefaultValueFactory = _ => "told" };
        var noWait = new Option<bool>("--no-wait") { Description = "Return as soon as they are durable in the run's inbox" };
        var store = Common.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = Common.WholeOption("--parallel", "Threads for model work where this process hosts the instance, as many as there are cores unless told otherwise", least: 1, most: 1024);
        var json = Common.JsonOption("One JSON object an experience, as inject prints them");
        into.CompletionSources.Add(Completions.Instances);
        var command = new Command("import", "Tell an instance experiences that happened elsewhere: each is measured, judged by its policy, remembered, and learned from where it is kept")
        {
            file, into, topic, noWait, store, synchronous, parallel, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file);
            var inputs = Giving.Read(InputFile.Experiences(path, parsed.GetRequiredValue(topic)), path);
            await using var opened = Common.OpenReadOnly(parsed.GetRequiredValue(store));
            var target = await Target.FindAsync(opened, parsed.GetRequiredValue(into), run: null, variant: null);
            return await Giving.RunAsync(parsed.GetRequiredValue(store), target, inputs, new GivingOptions((int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount), Wait: !parsed.GetValue(noWait), parsed.GetValue(json), Told: true, parsed.GetValue(synchronous)));
        });
        return command;
    }
}
