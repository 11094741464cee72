using Microsoft.AspNetCore.Http;

namespace AiMe.Web.View.Security;

/// <summary>What a browser may do with a page of this server.</summary>
internal static class PagePolicy
{
    /// <summary>Paths of reports end so. A report brings a stricter policy of its own, and is shown in a frame.</summary>
    public const string ReportEnd = "/report.html";

    // Virtualised lists set the height of their spacers by a style attribute; style elements from elsewhere stay forbidden.
    private const string Page =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'none'; "
        + "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'";

    private const string Report =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        + "sandbox allow-downloads allow-popups";

    /// <summary>Sets the headers of an answer.</summary>
    public static void Apply(IHeaderDictionary headers, PathString path)
    {
        var isReport = path.Value?.EndsWith(ReportEnd, StringComparison.OrdinalIgnoreCase) == true;
        headers.ContentSecurityPolicy = isReport ? Report : Page;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = isReport ? "SAMEORIGIN" : "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers.CacheControl = "no-store";
    }
}
