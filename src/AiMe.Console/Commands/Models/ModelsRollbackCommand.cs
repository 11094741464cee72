using System.CommandLine;
using AiMe.Faculties;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models rollback</c>: back to the champion before.</summary>
internal static class ModelsRollbackCommand
{
    public static Command Create()
    {
        var instance = SharedOptions.InstanceArgument();
        var to = new Option<string?>("--to")
        {
            Description = "A champion that it had before; the one that the present champion replaced unless told otherwise",
            HelpName = "checkpoint",
        };
        var appointing = new ModelAppointment();
        var command = new Command(
            "rollback",
            "Have a life speak again with the champion that its present one replaced, or with an earlier one"
        )
        {
            instance,
            to,
        };
        foreach (var option in appointing.Options)
            command.Options.Add(option);
        command.SetAction(
            (parsed, _) =>
                appointing.RunAsync(parsed, parsed.GetRequiredValue(instance), life =>
                    (Target(life, parsed.GetValue(to)), "rolled back by hand")
                )
        );
        return command;
    }

    private static ModelId Target(InstanceLineage instance, string? to)
    {
        if (to is null)
            return instance.Before ?? throw new UsageException($"{instance.Instance} speaks with its base: there is nothing to go back to");
        var model = ModelTarget.In(instance, to);
        return instance.Champions.Contains(model)
            ? model
            : throw new UsageException(
                $"--to: {model.Short} never was champion of {instance.Instance}: "
                    + $"`{Invocation.Of("models", "promote", instance.Instance, to)}` makes it so"
            );
    }
}
