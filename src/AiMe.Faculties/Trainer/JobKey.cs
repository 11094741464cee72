using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AiMe.Faculties.Trainer;

/// <summary>
/// Key that identifies a training job at its trainer. A plan of an instance has the same key after any crash, and no
/// other plan has it.
/// </summary>
public static class JobKey
{
    private const int HexDigits = 24;

    /// <summary>The key of the job that carries out a plan: <c>aime-</c> and 24 hexadecimal digits.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="instance">
    /// Name under which the instance is hosted; a fork has its own name, and therefore its own jobs.
    /// </param>
    /// <remarks>
    /// The digits are the first of SHA-256 over <c>aime.job.1</c> and a zero byte, then run, instance and the plan's
    /// JSON, each in UTF-8 after its length (4 bytes, big-endian).
    /// </remarks>
    public static string Of(string run, string instance, TrainingPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("aime.job.1\0"u8);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (
            var part in (byte[][])
                [
                    Encoding.UTF8.GetBytes(run),
                    Encoding.UTF8.GetBytes(instance),
                    JsonSerializer.SerializeToUtf8Bytes(plan, FacultyJson.Default.TrainingPlan),
                ]
        )
        {
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(part);
        }

        return "aime-" + Convert.ToHexStringLower(hash.GetHashAndReset())[..HexDigits];
    }
}
