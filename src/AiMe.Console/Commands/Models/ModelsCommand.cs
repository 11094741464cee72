using System.CommandLine;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models</c>: the checkpoints of lives, and the base models that they descend from.</summary>
internal static class ModelsCommand
{
    public static Command Create() =>
        new("models", "Look at checkpoints, make base models, take models out, and say which checkpoint of its lineage a life speaks with")
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
