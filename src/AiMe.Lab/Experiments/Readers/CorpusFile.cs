using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Identifies a corpus by its content. The grammar itself is checked when it is loaded.</summary>
internal static class CorpusFile
{
    /// <summary>The grammar, each file that it includes, in order, and the authored exchanges beside it.</summary>
    /// <returns>Paths and texts; null if one of them cannot be read.</returns>
    public static ImmutableArray<(string Path, string Text)>? Files(string path, Problems problems)
    {
        if (TextFile.Read(path, problems) is not { } grammar || YamlText.Read(path, grammar, problems) is not MappingNode root)
            return null;
        var files = ImmutableArray.CreateBuilder<(string, string)>();
        files.Add((path, grammar));
        var complete = true;
        foreach (var item in new Section("", root, problems).Find("include")?.Items("a list of files", atLeast: 0) ?? [])
        {
            if (TextFile.Referred(item, "a part of the corpus") is { } part && TextFile.Read(part, problems) is { } text)
                files.Add((part, text));
            else
                complete = false;
        }

        if (PreparedNano.AuthoredBeside(path) is { } authored)
            files.Add((authored, TextFile.Read(authored, problems) ?? ""));
        return complete ? files.ToImmutable() : null;
    }

    /// <summary>
    /// SHA-256, in hexadecimal, over the length (8 bytes, little-endian) and the text of each of <see cref="Files"/>,
    /// in order.
    /// </summary>
    /// <returns>Null if one of the files cannot be read.</returns>
    public static string? Digest(string path, Problems problems)
    {
        if (Files(path, problems) is not { } files)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, text) in files)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.LongLength));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
