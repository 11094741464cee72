namespace AiMe.Models;

/// <summary>What a server says of itself in an answer.</summary>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Echo">The model that the answer names; empty for none.</param>
/// <param name="Fingerprint">Its <c>system_fingerprint</c>; empty for none.</param>
/// <param name="Engine">Version of the server's program; empty if it is not told.</param>
public sealed record ServerIdentity(string Model, string Echo, string Fingerprint, string Engine);

/// <summary>Records what servers say of themselves.</summary>
public interface IServerIdentities
{
    /// <summary>Called once in a process for each different identity, before the answer is used.</summary>
    Task IdentifiedAsync(ServerIdentity identity, CancellationToken cancellationToken);
}
