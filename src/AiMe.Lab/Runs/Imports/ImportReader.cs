using System.Security.Cryptography;
using System.Text;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Reads a file of experiences in any of the known forms; each record may have its own.</summary>
public static class ImportReader
{
    /// <summary>Reads a file.</summary>
    public static ImportedFile Read(string path)
    {
        Problems problems = new();
        return TextFile.ReadBytes(path, problems) is { } bytes
            ? Read(path, bytes)
            : new ImportedFile(path, "", [], problems.All, [], Records: 0, Read: 0, Refused: 0, LeftOut: 0);
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="path">Its name, for messages.</param>
    public static ImportedFile Read(string path, ReadOnlySpan<byte> bytes)
    {
        ImportReading reading = new(path);
        if (bytes.IsEmpty)
            reading.RefuseAll("the file is empty");
        else if (FileSignature.Of(bytes) is { } signature)
            reading.RefuseAll($"this is {signature}");
        else if (TextEncoding.Decode(bytes) is (var text, var problem))
        {
            if (text is null)
                reading.RefuseAll(problem!);
            else
                Read(reading, path, text);
        }

        return reading.Finish(Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static void Read(ImportReading reading, string path, string text)
    {
        var first = text.AsSpan().TrimStart();
        if (first.IsEmpty)
            reading.RefuseAll("the file is blank");
        else if (first[0] is '{' or '[' || IsMeantAsLines(path, text))
            ReadJson(reading, path, text);
        else if (!TableReader.Read(reading, path, text))
            reading.RefuseAll($"this looks like {ForeignFile.Describe(path, text)}");
    }

    // JSON Lines if the first line is a value by itself; else one document, which may go over many lines.
    private static void ReadJson(ImportReading reading, string path, string text)
    {
        var lines = text.Split('\n')
            .Select((line, i) => (Text: line, Number: i + 1))
            .Where(l => !string.IsNullOrWhiteSpace(l.Text))
            .ToList();
        if (lines.Count > 1 && IsValue(lines[0].Text))
        {
            ReadLines(reading, path, lines);
            return;
        }

        Problems problems = new();
        if (JsonNodes.Read(new Place(path, 1, 1), Encoding.UTF8.GetBytes(text), problems) is { } values)
            reading.AddAll(values);
        else if (lines.Count > 1 && lines.Where(l => IsValue(l.Text)).Take(2).Count() == 2)
            ReadLines(reading, path, lines);
        else
            reading.Refuse(problems);
    }

    private static void ReadLines(ImportReading reading, string path, List<(string Text, int Number)> lines)
    {
        foreach (var (line, number) in lines)
        {
            Problems problems = new();
            var values = JsonNodes.Read(new Place(path, number, 1), Encoding.UTF8.GetBytes(line), problems);
            if (values is [var value])
                reading.Add(value);
            else if (values is null)
                reading.Refuse(problems);
            else
                reading.Refuse(new Place(path, number, 1), $"found {values.Value.Length} JSON values on this line, expected one");
        }
    }

    private static bool IsValue(string line) =>
        line.AsSpan().TrimStart() is ['{' or '[', ..] && JsonNodes.Read(Place.Of(""), Encoding.UTF8.GetBytes(line), new Problems()) is [_];

    // Broken first lines must not make a table or plain text of a file whose lines are objects.
    private static bool IsMeantAsLines(string path, string text)
    {
        var (objects, others) = (0, 0);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range).Trim();
            objects += line is ['{', .., '}'] ? 1 : 0;
            others += line is not ['{', .., '}'] && !line.IsEmpty ? 1 : 0;
        }

        return objects > others || objects > 0 && Path.GetExtension(path) is ".jsonl" or ".ndjson";
    }
}
