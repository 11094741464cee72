namespace AiMe.Web.Theme;

/// <summary>Files that pages need; they are embedded in this assembly, so nothing is fetched from elsewhere.</summary>
public static class WebAsset
{
    /// <summary>The style sheet of report and live view.</summary>
    public const string Style = "aime.css";

    /// <summary>The framework's script that connects a page to its server.</summary>
    public const string BlazorScript = "blazor.web.js";

    /// <summary>Opens an embedded file.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static Stream Open(string name) =>
        typeof(WebAsset).Assembly.GetManifestResourceStream(name)
        ?? throw new ArgumentException(
            $"found no embedded file '{name}', expected one of " + string.Join(", ", typeof(WebAsset).Assembly.GetManifestResourceNames())
        );

    /// <summary>The text of an embedded file.</summary>
    public static string Text(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }
}
