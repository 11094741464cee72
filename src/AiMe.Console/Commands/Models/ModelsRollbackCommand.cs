using System.CommandLine;
using AiMe.Faculties;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models rollback</c>: returns to an earlier champion.</summary>
internal static class ModelsRollbackCommand
{
    public static Command Create()
    {
        var instance = SharedOptions.InstanceArgument();
        var to = new Option<string?>("--to")
        {
            Description = "An earlier champion. Default: the one that the current champion replaced",
            HelpName = "checkpoint",
        };
        var appointing = new ModelAppointment();
        var command = new Command("rollback", "Return an instance to the champion that its current one replaced, or to an earlier one")
        {
            instance,
            to,
        };
        foreach (var option in appointing.Options)
            command.Options.Add(option);
        command.SetAction(
            (parsed, _) =>
                appointing.RunAsync(parsed, parsed.GetRequiredValue(instance), lineage =>
                    (Target(lineage, parsed.GetValue(to)), "rolled back by hand")
                )
        );
        return command;
    }

    private static ModelId Target(InstanceLineage instance, string? to)
    {
        if (to is null)
            return instance.Before ?? throw new UsageException($"{instance.Instance} uses its base: there is no earlier champion");
        var model = ModelTarget.In(instance, to);
        return instance.Champions.Contains(model)
            ? model
            : throw new UsageException(
                $"--to: {model.Short} was never champion of {instance.Instance}. To make it the champion: "
                    + $"`{Invocation.Of("models", "promote", instance.Instance, to)}`"
            );
    }
}
