using System.Collections.Immutable;
using System.Text;

namespace AiMe.Lab.Experiments.Templates;

/// <summary>Writes files into a folder: all of them or none.</summary>
public static class WholeFolder
{
    /// <summary>The files that exist in the folder already.</summary>
    public static ImmutableArray<string> Standing(string folder, IEnumerable<TemplateFile> files) =>
        [.. files.Select(f => Path.Combine(folder, f.Path)).Where(Path.Exists)];

    /// <summary>Writes the files and replaces existing ones.</summary>
    /// <param name="check">Checks the files in a staging folder before they are moved into place.</param>
    /// <exception cref="IOException">They cannot be written; the folder is unchanged.</exception>
    public static void Write(string folder, IReadOnlyList<TemplateFile> files, Action<string> check)
    {
        var whole = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar);
        var isNew = !Directory.Exists(whole);
        var stage = Path.Combine(
            isNew ? Path.GetDirectoryName(whole) ?? whole : whole,
            $".{Path.GetFileName(whole)}.{Environment.ProcessId}"
        );
        var highest = Highest(stage);
        try
        {
            foreach (var file in files)
            {
                var path = Path.Combine(stage, "new", file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            }

            check(Path.Combine(stage, "new"));
            if (isNew)
                Directory.Move(Path.Combine(stage, "new"), whole);
            else
                Take(stage, whole, files);
            highest = stage;
        }
        finally
        {
            if (Directory.Exists(highest))
                Directory.Delete(highest, recursive: true);
        }
    }

    // Each file is moved into place; if one cannot be moved, the earlier ones are restored.
    private static void Take(string stage, string folder, IReadOnlyList<TemplateFile> files)
    {
        Stack<Action> undo = [];
        try
        {
            foreach (var file in files)
            {
                var (place, old) = (Path.Combine(folder, file.Path), Path.Combine(stage, "old", file.Path));
                if (Highest(Path.GetDirectoryName(place)!) is var made && !Directory.Exists(made))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                    undo.Push(() => Directory.Delete(made, recursive: true));
                }

                if (File.Exists(place))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(old)!);
                    File.Move(place, old);
                    undo.Push(() => File.Move(old, place));
                }

                File.Move(Path.Combine(stage, "new", file.Path), place);
                undo.Push(() => File.Delete(place));
            }
        }
        catch
        {
            foreach (var step in undo)
                step();
            throw;
        }
    }

    // The highest missing folder of a path, or the path itself if it exists.
    private static string Highest(string path)
    {
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } above && !Directory.Exists(above))
            path = above;
        return path;
    }
}
