using System.Security.Cryptography;

namespace AiMe.Serve.Http;

/// <summary>Ids of answers and resources.</summary>
internal static class RandomId
{
    /// <summary>A new id of 96 bits.</summary>
    public static string New(string prefix) => prefix + RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>A seed for a request that gives none.</summary>
    public static ulong Seed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
