using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AiMe.Console.Output.Documents;

/// <summary>Summaries of types and their properties, from the documentation files beside the assemblies.</summary>
internal sealed partial class MemberSummaries
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _files = [];

    /// <summary>The summary of a type, or of the type argument of a generic one; null if there is none.</summary>
    public string? Of(Type type) => type is { IsGenericType: true, GenericTypeArguments: [.., var last] } ? Of(last) : Find("T", type, "");

    /// <summary>The summary of a property; null if there is none.</summary>
    public string? Of(PropertyInfo property) => Find("P", property.DeclaringType!, $".{property.Name}");

    private string? Find(string kind, Type type, string member)
    {
        var name = (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');
        if (!name.StartsWith(nameof(AiMe), StringComparison.Ordinal))
            return null;
        if (!_files.TryGetValue(type.Assembly, out var summaries))
            _files[type.Assembly] = summaries = Read(Path.ChangeExtension(type.Assembly.Location, ".xml"));
        return summaries.TryGetValue($"{kind}:{name}{member}", out var summary) ? Text(summary) : null;
    }

    private static Dictionary<string, XElement> Read(string path) =>
        File.Exists(path)
            ? XDocument
                .Load(path)
                .Descendants("member")
                .Where(m => m.Element("summary") is not null)
                .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")!, StringComparer.Ordinal)
            : throw new FileNotFoundException(
                $"{path} does not exist, which describes the members of JSON output: expected it beside the program; install aime again"
            );

    private static string Text(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
        {
            text.Append(
                node switch
                {
                    XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                    XElement element => element.Attribute("cref")?.Value.Split('.')[^1] ?? element.Value,
                    _ => node.ToString(),
                }
            );
        }

        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
