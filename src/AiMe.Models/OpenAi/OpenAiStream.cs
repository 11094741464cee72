using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace AiMe.Models.OpenAi;

/// <summary>
/// The pieces of a streamed answer, as servers write them: server-sent events, JSON Lines, or one whole answer.
/// </summary>
internal sealed class OpenAiStream : IAsyncDisposable
{
    /// <summary>The event that ends a stream.</summary>
    public const string Done = "[DONE]";

    private readonly PipelineResponse? _response;
    private readonly IAsyncEnumerator<string> _pieces;
    private string? _first;

    private OpenAiStream(PipelineResponse? response, IAsyncEnumerator<string> pieces) => (_response, _pieces) = (response, pieces);

    /// <summary>The error with which the stream begins; null if it does not begin with one.</summary>
    public OpenAiError? Error { get; private set; }

    /// <summary>Opens a response and reads its first piece.</summary>
    public static async Task<OpenAiStream> OpenAsync(PipelineResponse response, CancellationToken cancellationToken)
    {
        var isEvents =
            response.Headers.TryGetValue("Content-Type", out var type)
            && type?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
        OpenAiStream stream = new(
            response,
            PiecesAsync(response.ContentStream ?? Stream.Null, isEvents, cancellationToken).GetAsyncEnumerator(cancellationToken)
        );
        try
        {
            stream._first = await stream._pieces.MoveNextAsync() ? stream._pieces.Current : null;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        stream.Error = stream._first is { } first ? OpenAiError.In(Encoding.UTF8.GetBytes(first)) : null;
        return stream;
    }

    /// <summary>The next piece, or null at the end.</summary>
    public async ValueTask<string?> NextAsync()
    {
        if (_first is not { } first)
            return await _pieces.MoveNextAsync() ? _pieces.Current : null;
        _first = null;
        return first;
    }

    public async ValueTask DisposeAsync()
    {
        await _pieces.DisposeAsync();
        _response?.Dispose();
    }

    /// <summary>The pieces: JSON, or <see cref="Done"/>.</summary>
    /// <param name="isEvents">Whether the server says that it sends events; it may all the same send JSON.</param>
    /// <remarks>
    /// Comments, keep-alives and pings are left out. Lines outside an event are JSON Lines if each is JSON, else one
    /// document.
    /// </remarks>
    public static async IAsyncEnumerable<string> PiecesAsync(
        Stream stream,
        bool isEvents,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using StreamReader reader = new(stream, Encoding.UTF8);
        List<string> data = [];
        StringBuilder outside = new();
        var kind = "";
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (outside.Length == 0 && FieldOf(line) is var (field, value))
            {
                if (field == "event")
                    kind = value;
                else if (field == "data")
                    data.Add(value);
                continue;
            }

            if (line.AsSpan().Trim().IsEmpty && outside.Length == 0)
            {
                foreach (var piece in Dispatched(kind, data))
                    yield return piece;
                (kind, data) = ("", []);
                continue;
            }

            if (isEvents && outside.Length == 0 && !line.AsSpan().TrimStart().StartsWith("{"))
                continue; // a field that the standard does not know
            outside.Append(line).Append('\n');
            if (!IsWhole(outside.ToString()))
                continue;
            yield return outside.ToString().Trim();
            outside.Clear();
        }

        foreach (var piece in Dispatched(kind, data))
            yield return piece;
        if (outside.ToString().Trim() is { Length: > 0 } rest)
            yield return rest;
    }

    // A field of an event; a comment counts as one.
    private static (string Field, string Value)? FieldOf(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var field = colon < 0 ? line : line[..colon];
        if (field is not ("" or "data" or "event" or "id" or "retry") || line.Length == 0)
            return null;
        var value = colon < 0 ? "" : line[(colon + 1)..];
        return (field, value.StartsWith(' ') ? value[1..] : value);
    }

    // Some servers leave out the blank line between two events.
    private static IEnumerable<string> Dispatched(string kind, List<string> data)
    {
        if (kind is "ping" or "keepalive" or "keep-alive" or "heartbeat")
            return [];
        IEnumerable<string> pieces =
            data.Count > 1 && !data.TrueForAll(d => IsDone(d) || d.AsSpan().Trim().IsEmpty || IsWhole(d))
                ? [string.Join('\n', data)]
                : data;
        pieces = pieces.Select(p => p.Trim()).Where(p => p.Length > 0).Select(p => IsDone(p) ? Done : p);
        return kind == "error" ? pieces.Select(AsError) : pieces;
    }

    // The data of an error event may be the error itself.
    private static string AsError(string piece) =>
        piece.Contains("\"error\"", StringComparison.Ordinal) ? piece
        : IsWhole(piece) ? $$"""{"error":{{piece}}}"""
        : $$"""{"error":{{JsonSerializer.Serialize(piece, StreamJson.Default.String)}}}""";

    private static bool IsDone(string piece) => piece.AsSpan().Trim() is "[DONE]" or "DONE" or "[done]";

    private static bool IsWhole(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty || !(trimmed[0] == '{' && trimmed[^1] == '}') && !(trimmed[0] == '[' && trimmed[^1] == ']'))
            return false;
        try
        {
            using var json = OpenAiJson.Parse(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class StreamJson : System.Text.Json.Serialization.JsonSerializerContext;
