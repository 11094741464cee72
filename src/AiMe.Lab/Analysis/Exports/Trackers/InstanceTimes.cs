using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Exports.Trackers;

/// <summary>When an instance was written, UTC.</summary>
/// <param name="Began">Its first event; null for none.</param>
/// <param name="Ended">Its last event of the Self; null for none.</param>
/// <param name="Probed">By generation.</param>
internal sealed record InstanceTimes(DateTime? Began, DateTime? Ended, ImmutableArray<DateTime> Probed)
{
    private const string ProbedManifest = "self.probed@";

    public static async Task<InstanceTimes> ReadAsync(IJournal journal, string run, string instance, CancellationToken cancellationToken)
    {
        DateTime? began = null;
        DateTime? ended = null;
        var probed = ImmutableArray.CreateBuilder<DateTime>();
        var stream = PersistenceId.Of(run, new FacultyAddress(instance, Loop.Self));
        await foreach (var row in journal.ReadAsync(stream, 1, long.MaxValue, cancellationToken))
        {
            ended = new DateTime(row.CreatedTicks, DateTimeKind.Utc);
            began ??= ended;
            if (row.Manifest.StartsWith(ProbedManifest, StringComparison.Ordinal))
                probed.Add(ended.Value);
        }

        return new InstanceTimes(began, ended, probed.ToImmutable());
    }
}

/// <summary>Ids of other programs, from names: the same run has the same ids in every export.</summary>
internal static class DerivedId
{
    /// <summary>Hexadecimal digits.</summary>
    public static string Hex(int digits, params ReadOnlySpan<string> names) => Convert.ToHexStringLower(Hash(names))[..digits];

    /// <summary>A number of 18 digits that does not begin with 0.</summary>
    public static string Number(params ReadOnlySpan<string> names) =>
        (
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(Hash(names)) % 900_000_000_000_000_000 + 100_000_000_000_000_000
        ).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Hash(ReadOnlySpan<string> names) =>
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', names!)));
}
