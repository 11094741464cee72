using System.Collections.Concurrent;
using System.Text.Json;

namespace AiMe.Models.OpenAi;

/// <summary>Notes what a server says of itself, each time that it says something new.</summary>
/// <param name="port">Null for nobody who is to know.</param>
/// <param name="call">Makes a request without a model.</param>
internal sealed class OpenAiIdentities(
    OpenAiOptions options,
    IServerIdentities? port,
    Func<OpenAiCall, CancellationToken, Task<BinaryData>> call
)
{
    private const int Longest = 200;

    private readonly ConcurrentDictionary<ServerIdentity, bool> _told = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _engine;

    /// <summary>Notes an answer.</summary>
    public async Task SeenAsync(string model, string? echo, string? fingerprint, CancellationToken cancellationToken)
    {
        if (port is null)
            return;
        var (named, mark) = (Short(echo), Short(fingerprint));
        var engine = mark.Length > 0 || options.AsksVersion ? await EngineAsync(cancellationToken) : "";
        if (mark.Length == 0 && engine.Length == 0 && (named.Length == 0 || named == model))
            return; // it says nothing of itself
        ServerIdentity identity = new(model, named, mark, engine);
        if (_told.ContainsKey(identity))
            return;
        await port.IdentifiedAsync(identity, cancellationToken);
        _told[identity] = true;
    }

    /// <summary>The version of the server's program, asked once; empty if the server does not tell it.</summary>
    public async Task<string> EngineAsync(CancellationToken cancellationToken)
    {
        if (_engine is { } known)
            return known;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _engine ??= await AskAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var json = await call(
                new OpenAiCall("GET", "version") { IsAtRoot = true, Turns = OpenAiTurns.WhereTurnedAway },
                cancellationToken
            );
            using var document = OpenAiJson.Parse(json.ToMemory());
            return OpenAiJson.Find(document.RootElement, "version") is { ValueKind: JsonValueKind.String } version
                ? Short(version.GetString())
                : "";
        }
        catch (Exception e) when (e is FormatException || OpenAiFailures.IsOutside(e) && !cancellationToken.IsCancellationRequested)
        {
            return ""; // most servers have no such call
        }
    }

    private static string Short(string? text) =>
        text is null ? ""
        : text.Length <= Longest ? text
        : text[..Longest];
}
