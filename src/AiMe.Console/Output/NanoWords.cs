using AiMe.Lab.Experiments;

namespace AiMe.Console.Output;

/// <summary>An embedded model in words.</summary>
internal static class NanoWords
{
    public static string Of(NanoModel model) =>
        model.Checkpoint is { } checkpoint
            ? $"the checkpoint {Path.GetFileName(checkpoint.Folder.TrimEnd(Path.DirectorySeparatorChar))} of {model.Shape.Parameters:N0} "
                + $"parameters, context {checkpoint.Context:N0}"
            : $"preset {model.Preset}";
}
