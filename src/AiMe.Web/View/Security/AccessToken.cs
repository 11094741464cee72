using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AiMe.Web.View.Security;

/// <summary>The token of one start of the server. Who has typed it in may change things; it is kept nowhere.</summary>
public sealed class AccessToken
{
    /// <summary>The role of a session that has given the token.</summary>
    internal const string Role = "may-change";

    private readonly byte[] _digest;

    private AccessToken(string text) => (Text, _digest) = (text, SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The token, to be printed once.</summary>
    public string Text { get; }

    /// <summary>A new token of 128 bits.</summary>
    public static AccessToken New() => new(RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <summary>Whether a text is the token; takes the same time for every text.</summary>
    public bool Is(string? text) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text?.Trim() ?? "")), _digest);

    /// <summary>The identity of a session that has given it.</summary>
    internal static ClaimsPrincipal Holder { get; } =
        new(new ClaimsIdentity([new Claim(ClaimTypes.Role, Role)], CookieAuthenticationDefaults.AuthenticationScheme));
}
