using System.Security.Cryptography;
using System.Text;

namespace AiMe.Lab;

/// <summary>Names a corpus by its content. What its grammar says is checked where it is loaded.</summary>
internal static class CorpusFile
{
    /// <summary>SHA-256, in hexadecimal, over the length (8 bytes, little-endian) and the text of the grammar and of each file that it includes, in order, and of the authored exchanges beside it.</summary>
    /// <returns>Null where one of the files cannot be read.</returns>
    public static string? Digest(string path, Problems problems)
    {
        if (TextFile.Read(path, problems) is not { } grammar || YamlText.Read(path, grammar, problems) is not Mapping root)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, grammar);
        var complete = true;
        foreach (var item in new Section("", root, problems).Find("include")?.Items("a list of files", atLeast: 0) ?? [])
        {
            var text = TextFile.Referred(item, "a part of the corpus") is { } part ? TextFile.Read(part, problems) : null;
            complete &= text is not null;
            Append(hash, text ?? "");
        }

        if (NanoWorld.AuthoredBeside(path) is { } authored)
            Append(hash, TextFile.Read(authored, problems) ?? "");
        return complete ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null;
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.LongLength));
        hash.AppendData(bytes);
    }
}
