using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AiMe.Faculties.Trainer;

/// <summary>
/// The name under which a training job can be asked for: the same plan of the same life has the same, after any crash,
/// and no other has it.
/// </summary>
public static class JobKey
{
    private const int HexDigits = 24;

    /// <summary>The key of the job that carries out a plan: <c>aime-</c> and 24 hexadecimal digits.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="instance">
    /// Under which the life is hosted: a fork has a name of its own, and so jobs of its own.
    /// </param>
    /// <remarks>
    /// The digits begin SHA-256 over <c>aime.job.1</c> and a zero byte, then run, instance and the plan's JSON, each in
    /// UTF-8 after its length (4 bytes, big-endian).
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
