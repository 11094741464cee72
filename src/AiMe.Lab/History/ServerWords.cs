using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History;

/// <summary>What servers say of themselves, in words.</summary>
public static class ServerWords
{
    /// <summary>Such as <c>gpt-x-2026, fingerprint fp_1, version 0.9</c>.</summary>
    public static string Of(ServerIdentified server)
    {
        ArgumentNullException.ThrowIfNull(server);
        string[] parts =
        [
            server.Echo.Length > 0 ? server.Echo : server.Model,
            server.Fingerprint.Length > 0 ? $"fingerprint {server.Fingerprint}" : "",
            server.Engine.Length > 0 ? $"version {server.Engine}" : "",
        ];
        return string.Join(", ", parts.Where(p => p.Length > 0));
    }

    /// <summary>One sentence on each model whose server changed during the run.</summary>
    public static IEnumerable<string> Changed(IEnumerable<ServerIdentified> servers) =>
        servers
            .GroupBy(s => s.Model, StringComparer.Ordinal)
            .Where(g => g.Count() > 1)
            .Select(g =>
                $"what answers as {g.Key} changed during the run ({Count(g.Count())}): {string.Join("; then ", g.Select(Of))}. "
                + "Figures before and after may not be of one model"
            );

    private static string Count(int servers) => servers >= SupervisorState.MostServers ? $"{servers} kinds at least" : $"{servers} kinds";
}
