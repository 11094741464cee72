using AiMe.Effects;

namespace AiMe.Console.Talk;

/// <summary>Shows an answer while it is being given, where somebody looks.</summary>
internal sealed class AnswerStream : IAnswerListener
{
    private readonly Lock _lock = new();
    private WordWrap? _to;
    private int _cycle;
    private bool _hears;

    /// <summary>Listens to the answer of one cycle from now on.</summary>
    /// <param name="cycle">In which it will be given.</param>
    public void Open(int cycle, WordWrap to)
    {
        lock (_lock)
            (_cycle, _to, _hears) = (cycle, to, false);
    }

    /// <summary>Listens no longer.</summary>
    /// <returns>Whether anything of an answer was shown.</returns>
    public bool Close()
    {
        lock (_lock)
        {
            var heard = _hears;
            if (heard)
                _to?.EndLine();
            (_to, _hears) = (null, false);
            return heard;
        }
    }

    /// <inheritdoc />
    public void Begins(int cycle, int attempt)
    {
        lock (_lock)
        {
            if (_hears)
                _to?.EndLine(); // what was shown of an attempt that came to nothing stays above
        }
    }

    /// <inheritdoc />
    public void Hears(string piece)
    {
        lock (_lock)
        {
            if (_to is null)
                return;
            _hears = true;
            _to.Write(piece);
        }
    }
}
