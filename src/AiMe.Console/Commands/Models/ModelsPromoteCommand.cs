using System.CommandLine;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models promote</c>: a person, and not the gate, says with which checkpoint of its lineage a life speaks.</summary>
internal static class ModelsPromoteCommand
{
    public static Command Create()
    {
        var instance = SharedOptions.InstanceArgument();
        var checkpoint = new Argument<string>("checkpoint")
        {
            Description = "Of its own lineage: the first digits of its id, instance@round such as aligned-1@2, or base",
        };
        checkpoint.CompletionSources.Add(Completions.Checkpoints);
        var appointing = new ModelAppointment();
        var command = new Command(
            "promote",
            "Have a life speak with another checkpoint of its lineage, also with one that the gate turned away; its next "
                + "training starts from it where trainings continue"
        )
        {
            instance,
            checkpoint,
        };
        foreach (var option in appointing.Options)
            command.Options.Add(option);
        command.SetAction(
            (parsed, _) =>
                appointing.RunAsync(parsed, parsed.GetRequiredValue(instance), life =>
                    (ModelTarget.In(life, parsed.GetRequiredValue(checkpoint)), "promoted by hand")
                )
        );
        return command;
    }
}
