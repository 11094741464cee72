using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>
/// Reads an instance file line by line and checks its form: a head, then blobs and rows, then an end with the right
/// digest.
/// </summary>
internal static class InstanceFileReader
{
    private const int Chunk = 1 << 16;

    /// <summary>The greatest length of a line: far above the largest weights.</summary>
    private const int LongestLine = 1 << 30;

    /// <summary>Whether a file begins as an instance file.</summary>
    public static async Task<bool> IsOneAsync(string path, CancellationToken cancellationToken)
    {
        var wanted = Encoding.UTF8.GetBytes($"{{\"format\":\"{InstanceFile.Format}\"");
        var found = new byte[wanted.Length];
        await using var file = File.OpenRead(path);
        return await file.ReadAtLeastAsync(found, found.Length, throwOnEndOfStream: false, cancellationToken) == found.Length
            && found.AsSpan().SequenceEqual(wanted);
    }

    /// <summary>The lines with their numbers, from 1.</summary>
    /// <exception cref="InstanceFileException">
    /// A line is invalid, out of place, or missing; or the digest differs.
    /// </exception>
    public static async IAsyncEnumerable<(int Number, InstanceFileLine Line)> ReadAsync(
        Stream file,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (number, ended) = (0, false);
        await foreach (var (bytes, whole) in LinesAsync(file, cancellationToken))
        {
            number++;
            if (!whole)
                throw new InstanceFileException(
                    $"line {number} is cut off after {bytes.Length} bytes: expected a line feed; the file is incomplete"
                );
            if (ended)
                throw new InstanceFileException($"line {number}: expected nothing after the end line, found {bytes.Length} bytes");
            var line = Parse(number, bytes);
            if (line is InstanceFileLine.Head != (number == 1))
                throw new InstanceFileException(
                    $"line {number}: "
                        + (number == 1 ? $"expected the head of the file, \"format\":\"{InstanceFile.Format}\"" : "found a second head")
                );
            if (line is InstanceFileLine.End end)
            {
                ended = true;
                var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
                if (end.Sha256 != digest)
                    throw new InstanceFileException(
                        $"line {number}: expected SHA-256 {end.Sha256} over the lines before it, found {digest}: the file was altered"
                    );
            }

            hash.AppendData(bytes.Span);
            hash.AppendData("\n"u8);
            yield return (number, line);
        }

        if (!ended)
            throw new InstanceFileException(
                $"the file ends after line {number}: expected a last line {{\"end\":true,...}}; the file is incomplete"
            );
    }

    private static InstanceFileLine Parse(int number, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return InstanceFileLine.Read(bytes);
        }
        catch (InstanceFileException e)
        {
            throw new InstanceFileException($"line {number} is not a valid line of an instance file: {e.Message}", e);
        }
    }

    private static async IAsyncEnumerable<(ReadOnlyMemory<byte> Line, bool Whole)> LinesAsync(
        Stream file,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (buffer, start, end, looked) = (new byte[Chunk], 0, 0, 0);
        while (true)
        {
            if (buffer.AsSpan(looked, end - looked).IndexOf((byte)'\n') is >= 0 and var at)
            {
                yield return (buffer.AsSpan(start, looked + at - start).ToArray(), Whole: true); // a copy that the caller may keep
                start = looked += at + 1;
                continue;
            }

            looked = end;
            if (end == buffer.Length)
            {
                if (end - start > LongestLine)
                    throw new InstanceFileException($"a line is longer than {LongestLine} bytes: this is not an instance file");
                var larger = start > buffer.Length / 2 ? buffer : new byte[buffer.Length * 2];
                buffer.AsSpan(start, end - start).CopyTo(larger);
                (buffer, looked, end, start) = (larger, looked - start, end - start, 0);
            }

            var read = await file.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0)
                break;
            end += read;
        }

        if (end > start)
            yield return (buffer.AsSpan(start, end - start).ToArray(), Whole: false);
    }
}
