using System.CommandLine;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models</c>: the checkpoints of instances, and their base models.</summary>
internal static class ModelsCommand
{
    public static Command Create() =>
        new("models", "List, make, export and sample models, and choose the checkpoint that an instance uses")
        {
            ModelsListCommand.Create(),
            ModelsShowCommand.Create(),
            ModelsSampleCommand.Create(),
            ModelsPretrainCommand.Create(),
            ModelsExportCommand.Create(),
            ModelsPromoteCommand.Create(),
            ModelsRollbackCommand.Create(),
        };
}
