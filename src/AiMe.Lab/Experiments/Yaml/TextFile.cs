using System.Text;
using AiMe.Corpora;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Finds and reads the text files of an experiment.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The file that a value references: relative to the file that contains the value; in a <c>--set</c>, to the
    /// working directory.
    /// </summary>
    /// <returns>The path, or null if there is no such file.</returns>
    public static string? Referred(FieldReader field, string what)
    {
        var name = field.Text($"the path of {what}");
        if (name.Length == 0)
            return null;
        var folder = field.At.IsSet ? "" : Path.GetDirectoryName(field.At.File) ?? "";
        var path = Tidy(Path.Combine(folder, name));
        if (File.Exists(path))
            return path;
        field.Fail($"there is no file '{name}' ({what}); looked for {Path.GetFullPath(path)}{Missing(path)}");
        return null;
    }

    /// <summary>The full path of a folder that a field names, or null if it is not there.</summary>
    public static string? Folder(FieldReader field, string what)
    {
        var name = field.Text($"the path of {what}");
        if (name.Length == 0)
            return null;
        var from = field.At.IsSet ? "" : Path.GetDirectoryName(field.At.File) ?? "";
        var path = Path.GetFullPath(Path.Combine(from, name));
        if (Directory.Exists(path))
            return path;
        field.Fail($"there is no folder '{name}' ({what}); looked for {path}");
        return null;
    }

    /// <summary>The text of a file, or null if it cannot be read.</summary>
    public static string? Read(string path, Problems problems)
    {
        try
        {
            if (ReadBytes(path, problems) is not { } bytes)
                return null;
            var text = Strict.GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            problems.Fail(Place.Of(path), "", $"the file is not UTF-8 text: byte {e.Index} cannot be decoded");
            return null;
        }
    }

    /// <summary>The bytes of a file, or null if it cannot be read.</summary>
    public static byte[]? ReadBytes(string path, Problems problems)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason =
                e is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(path)
                    ? $"there is no such file; looked for {Path.GetFullPath(path)}{Missing(path)}"
                    : $"the file cannot be read: {e.Message}";
            problems.Fail(Place.Of(path), "", reason);
            return null;
        }
    }

    /// <summary>The YAML mapping in a file, or null if there is none.</summary>
    public static MappingNode? ReadMapping(string path, string what, Problems problems)
    {
        if (Read(path, problems) is not { } text || YamlText.Read(path, text, problems) is not { } root)
            return null;
        if (root is not MappingNode mapping)
            problems.Fail(root.At, "", $"found {root.Found}, expected {what}: a mapping of keys and values");
        return root as MappingNode;
    }

    private static string Missing(string path)
    {
        if (Directory.Exists(path))
            return ", which is a folder";
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return Directory.Exists(folder)
            ? Nearest.Hint(
                Path.GetFileName(path),
                Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)
            )
            : $"; the folder {folder} does not exist{NearestFolder(folder)}";
    }

    // The nearest existing folder of a path.
    private static string NearestFolder(string folder)
    {
        while (Path.GetDirectoryName(folder) is { } above)
        {
            if (Directory.Exists(above))
                return Nearest.Hint(
                    Path.GetFileName(folder),
                    Directory.EnumerateDirectories(above).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)
                );
            folder = above;
        }

        return "";
    }

    // 'config/experiments/../charters/aime.yaml' reads better as 'config/charters/aime.yaml'.
    private static string Tidy(string path) => Path.IsPathRooted(path) ? Path.GetFullPath(path) : Path.GetRelativePath(".", path);
}
