namespace AiMe.Lab.Tests;

/// <summary>The working copy that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>What is shipped.</summary>
    public static string Config { get; } = Path.Combine(Find(), "config");

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
