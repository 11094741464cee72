using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiMe.Nano;
using AiMe.Nano.Checkpoints;
using AiMe.Nano.Tokens.Bpe;

namespace AiMe.Models.Nano;

/// <summary>
/// A folder of Hugging Face's with everything that a local model needs: shape, weights, tokenizer and chat template.
/// </summary>
/// <param name="Directory">The folder.</param>
/// <param name="Weights">Shape and weights.</param>
/// <param name="Tokenizer">Of <c>tokenizer.json</c>.</param>
/// <param name="Template">Named, or that of <c>tokenizer_config.json</c>.</param>
/// <param name="Stop">Ids that end a text, by the folder's configuration.</param>
public sealed partial record CheckpointFiles(
    string Directory,
    CheckpointFolder Weights,
    BpeTokenizer Tokenizer,
    ChatTemplate Template,
    ImmutableArray<int> Stop
)
{
    /// <summary>The key that names a template.</summary>
    public const string TemplateKey = "model.chat-template";

    private const string TokenizerFile = "tokenizer.json";

    private const string TemplateFile = "chat_template.jinja";

    private static readonly string[] Small =
    [
        "config.json",
        TokenizerFile,
        "tokenizer_config.json",
        "generation_config.json",
        TemplateFile,
    ];

    /// <summary>The prompts of the model.</summary>
    public ChatPrompt Prompt() => new(Tokenizer, Template, Weights.Config.Context, Stop);

    /// <summary>Reads everything but the weights.</summary>
    /// <param name="context">The longest sequence in tokens; null for that of the checkpoint.</param>
    /// <param name="template">Name of a chat template; null for that of the folder.</param>
    /// <exception cref="FormatException">
    /// A file is missing, or nano cannot run the model; the message names the file and the key that is the reason.
    /// </exception>
    public static CheckpointFiles Read(string directory, int? context, string? template)
    {
        try
        {
            return ReadFiles(directory, context, template);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException($"a file of {directory} has another form than Hugging Face's software writes: {e.Message}", e);
        }
    }

    private static CheckpointFiles ReadFiles(string directory, int? context, string? template)
    {
        var weights = CheckpointFolder.Open(directory, context);
        var path = Path.Combine(directory, TokenizerFile);
        if (!File.Exists(path))
            throw new FormatException($"expected {TokenizerFile} in {directory}; it is missing");
        var tokenizer = BpeTokenizer.FromJson(File.ReadAllBytes(path));
        if (tokenizer.VocabularySize > weights.Config.Vocabulary)
            throw new FormatException(
                $"{TokenizerFile} has ids up to {tokenizer.VocabularySize - 1}, config.json's vocab_size is {weights.Config.Vocabulary}"
            );
        var settings = Json(directory, "tokenizer_config.json");
        CheckpointFiles files = new(
            directory,
            weights,
            tokenizer,
            WithBeginning(template is null ? Detected(directory, settings) : ChatTemplate.Of(template), tokenizer),
            [.. StopsOf(directory, settings, tokenizer, weights.Config.Vocabulary).Distinct().Order()]
        );
        files.Prompt(); // fails here, and not at the first answer, if the tokenizer lacks the template's end
        return files;
    }

    /// <summary>SHA-256 over the files that are read, which decide what the model says; in hexadecimal.</summary>
    /// <exception cref="FormatException">The weights' files are missing, or their index is damaged.</exception>
    public static string Digest(string directory)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Small.Concat(CheckpointFolder.WeightFiles(directory)).Distinct().Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(directory, name);
            if (!File.Exists(path))
                continue;
            using var stream = File.OpenRead(path);
            all.AppendData(Encoding.UTF8.GetBytes($"{name}\0{Convert.ToHexStringLower(SHA256.HashData(stream))}\n"));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    /// <summary>The chat template of a folder as Hugging Face's software writes it; null if it has none.</summary>
    /// <exception cref="FormatException">A file of settings is no JSON.</exception>
    public static string? SourceOfTemplate(string directory) => Source(directory, Json(directory, "tokenizer_config.json"));

    private static ChatTemplate Detected(string directory, JsonElement? settings)
    {
        if (Source(directory, settings) is not { } source)
            return ChatTemplate.Plain;
        if (source.Contains("<|im_start|>", StringComparison.Ordinal))
            return ChatTemplate.ChatMl with
            {
                DefaultSystem = DefaultSystem().Match(source) is { Success: true } m ? m.Groups["text"].Value : null,
            };
        if (source.Contains("<|start_header_id|>", StringComparison.Ordinal))
            return ChatTemplate.Llama3;
        if (source.Contains("<|user|>", StringComparison.Ordinal) && source.Contains("eos_token", StringComparison.Ordinal))
            return ChatTemplate.Zephyr;
        throw new FormatException(
            $"the chat template of {directory} is of no known family; expected {TemplateKey} to name one: "
                + string.Join(", ", ChatTemplate.Names)
        );
    }

    // In the file of the tokenizer's settings, alone or by name, or in one of its own.
    private static string? Source(string directory, JsonElement? settings)
    {
        if (Path.Combine(directory, TemplateFile) is var path && File.Exists(path))
            return File.ReadAllText(path);
        if (settings is not { } json || !json.TryGetProperty("chat_template", out var template))
            return null;
        return template.ValueKind switch
        {
            JsonValueKind.String => template.GetString(),
            JsonValueKind.Array => template
                .EnumerateArray()
                .Where(t => t.GetProperty("name").GetString() == "default")
                .Select(t => t.GetProperty("template").GetString())
                .FirstOrDefault(),
            _ => null,
        };
    }

    // A base model begins a text as its tokenizer does; a chat template says so itself.
    private static ChatTemplate WithBeginning(ChatTemplate template, BpeTokenizer tokenizer) =>
        template == ChatTemplate.Plain && tokenizer.Beginning is { } first ? template with { Begin = first } : template;

    private static IEnumerable<int> StopsOf(string directory, JsonElement? settings, BpeTokenizer tokenizer, int vocabulary)
    {
        foreach (var name in (string[])["config.json", "generation_config.json"])
        {
            if (Json(directory, name) is not { } json || !json.TryGetProperty("eos_token_id", out var end))
                continue;
            foreach (var id in end.ValueKind == JsonValueKind.Array ? end.EnumerateArray().ToArray() : [end])
            {
                if (id.ValueKind == JsonValueKind.Null)
                    continue;
                yield return id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var stop) && stop >= 0 && stop < vocabulary
                    ? stop
                    : throw new FormatException(
                        $"{name}: expected eos_token_id, an integer from 0 to {vocabulary - 1} or a list of such; it is {end.GetRawText()}"
                    );
            }
        }

        if (settings is { } s && s.TryGetProperty("eos_token", out var token))
        {
            var text = token.ValueKind == JsonValueKind.Object ? token.GetProperty("content").GetString() : token.GetString();
            if (text is not null && tokenizer.Find(text) is { } id)
                yield return id;
        }
    }

    private static JsonElement? Json(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonElement.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new FormatException($"{name}: expected JSON: {e.Message}", e);
        }
    }

    // The text is between the marks in a string of the template, whose newline is a backslash and an n.
    [GeneratedRegex(
        """<\|im_start\|>system(\\n|\n)(?<text>[^'"{}]*?)<\|im_end\|>""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex DefaultSystem();
}
