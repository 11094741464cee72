using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace AiMe.Serve.Models;

/// <summary>A model under its name.</summary>
/// <param name="Id">Its name in requests.</param>
/// <param name="Checkpoint">SHA-256 of its file.</param>
/// <param name="Created">Unix time, seconds.</param>
public sealed record ServedModel(string Id, string Checkpoint, IServedFamily Family, long Created)
{
    /// <summary>Who made it, as lists show it.</summary>
    public string Owner { get; init; } = "aime";

    /// <summary>The model that it was trained from; null if none is served under a name.</summary>
    public string? Parent { get; init; }

    /// <summary>The engine's version.</summary>
    public static string Version { get; } =
        typeof(ServedModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>What answers depend on: the weights and the engine.</summary>
    public string Fingerprint =>
        $"fp_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"aime {Version} {Checkpoint}")))[..12]}";
}
