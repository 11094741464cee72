using System.Security.Cryptography;
using System.Text;

namespace AiMe.Web.Report;

/// <summary>The content security policy of a file: nothing is loaded, nothing runs, and one style sheet is known by its hash.</summary>
public static class ContentPolicy
{
    /// <summary>The policy for a page with this style sheet.</summary>
    /// <param name="style">The exact text between the tags.</param>
    public static string Of(string style) =>
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; img-src data:; "
        + "base-uri 'none'; form-action 'none'";
}
