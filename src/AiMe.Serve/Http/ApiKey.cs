using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Http;

/// <summary>The key that requests must have. It is held as its digest.</summary>
/// <param name="text">The key; null if none is needed.</param>
internal sealed class ApiKey(string? text)
{
    private const string Scheme = "Bearer ";
    private readonly byte[]? _digest = text is null ? null : DigestOf(text);

    /// <summary>Checks the header <c>Authorization</c>; takes the same time for every key.</summary>
    /// <exception cref="ApiException">The key is missing or another one.</exception>
    public void Check(HttpRequest request)
    {
        if (_digest is null)
            return;
        var header = request.Headers.Authorization.ToString();
        var given = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        if (!CryptographicOperations.FixedTimeEquals(DigestOf(given), _digest))
            throw new ApiException(
                StatusCodes.Status401Unauthorized,
                given.Length == 0
                    ? "You didn't provide an API key: send it as the header Authorization: Bearer KEY."
                    : "Incorrect API key provided.",
                code: "invalid_api_key"
            );
    }

    private static byte[] DigestOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
