using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AiMe.Console.Output.Documents;
using AiMe.Console.Tests.Runs;
using AiMe.Lab.Tests.Experiments.Schema;

namespace AiMe.Console.Tests.Output.Documents;

/// <summary>Every line that a process of any test prints with --json fits the schema of its command.</summary>
internal static class OutputFits
{
    // A JsonNode is built as it is read, so that two threads must not read one.
    private static readonly Lock s_one = new();
    private static readonly Dictionary<string, JsonNode> s_schemas = [];

    public static bool Accepts(string schema, JsonNode? document)
    {
        lock (s_one)
        {
            if (!s_schemas.TryGetValue(schema, out var parsed))
                s_schemas[schema] = parsed = JsonNode.Parse(OutputSchema.Text(schema))!;
            return Validator.Accepts(parsed, document);
        }
    }

    [ModuleInitializer]
    internal static void Register() => Aime.Ended = Check;

    private static void Check(string[] arguments, Left left)
    {
        if (!arguments.Contains("--json"))
            return;
        var schema = $"{(arguments[0] == "models" ? $"models-{arguments[1]}" : arguments[0])}-output";
        foreach (var line in left.Output.Split('\n')[..^1]) // a killed process may leave half a line behind
            Accepts(schema, JsonNode.Parse(line)).ShouldBeTrue($"aime {string.Join(' ', arguments)} does not fit {schema}:\n{line}");
    }
}
