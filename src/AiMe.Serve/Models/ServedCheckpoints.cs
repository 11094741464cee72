using System.Security.Cryptography;
using AiMe.Models;

namespace AiMe.Serve.Models;

/// <summary>The checkpoints that the server's jobs made, in a folder of its own, over those of a store.</summary>
/// <param name="below">Those of the store; null for none.</param>
public sealed class ServedCheckpoints(string directory, ICheckpoints? below) : ICheckpoints
{
    /// <inheritdoc />
    public async Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken)
    {
        var path = PathOf(id);
        if (!File.Exists(path))
            return below is not null
                ? await below.LoadAsync(id, cancellationToken)
                : throw new ProviderException($"There is no checkpoint {id} in {directory}.");
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        return IdOf(bytes) == id
            ? bytes
            : throw new ProviderException($"The checkpoint {path} is damaged: its bytes do not have the digest that is its name.");
    }

    /// <inheritdoc />
    public async Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var id = IdOf(bytes.Span);
        Directory.CreateDirectory(directory);
        if (!File.Exists(PathOf(id)))
            await AtomicFiles.WriteFileAsync(PathOf(id), bytes, cancellationToken);
        return id;
    }

    private string PathOf(string id) => Path.Combine(directory, $"{Path.GetFileName(id)}.safetensors");

    private static string IdOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
