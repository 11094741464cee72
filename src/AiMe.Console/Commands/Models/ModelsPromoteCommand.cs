using System.CommandLine;

namespace AiMe.Console.Commands.Models;

/// <summary>
/// <c>aime models promote</c>: makes a checkpoint of its lineage the champion of an instance, without the gate.
/// </summary>
internal static class ModelsPromoteCommand
{
    public static Command Create()
    {
        var instance = SharedOptions.InstanceArgument();
        var checkpoint = new Argument<string>("checkpoint")
        {
            Description = "A checkpoint of the instance's lineage: the first digits of its id, instance@round such as inward-1@2, or base",
        };
        checkpoint.CompletionSources.Add(Completions.Checkpoints);
        var appointing = new ModelAppointment();
        var command = new Command(
            "promote",
            "Make a checkpoint of an instance's lineage its champion, even one that the gate rejected. The next training starts "
                + "from it, unless the instance is never trained or starts from its base (train.start)"
        )
        {
            instance,
            checkpoint,
        };
        foreach (var option in appointing.Options)
            command.Options.Add(option);
        command.SetAction(
            (parsed, _) =>
                appointing.RunAsync(parsed, parsed.GetRequiredValue(instance), lineage =>
                    (ModelTarget.In(lineage, parsed.GetRequiredValue(checkpoint)), "promoted by hand")
                )
        );
        return command;
    }
}
