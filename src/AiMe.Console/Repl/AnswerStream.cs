using AiMe.Effects;

namespace AiMe.Console.Repl;

/// <summary>Shows an answer while it is being given, where somebody looks.</summary>
internal sealed class AnswerStream : IAnswerListener
{
    private readonly Lock _lock = new();
    private Opening? _open;

    /// <summary>One answer that is looked at. What belongs to another is not shown, though it may still be on its way.</summary>
    private sealed class Opening(int cycle, WordWrap to)
    {
        public int Cycle => cycle;

        public WordWrap To => to;

        public int Attempt { get; set; }

        public bool Heard { get; set; }
    }

    /// <summary>Listens to the answer of one cycle from now on.</summary>
    /// <param name="cycle">In which it will be given.</param>
    public void Open(int cycle, WordWrap to)
    {
        lock (_lock)
            _open = new Opening(cycle, to);
    }

    /// <summary>Listens no longer.</summary>
    /// <returns>Whether anything of the answer was shown.</returns>
    public bool Close()
    {
        lock (_lock)
        {
            var heard = _open is { Heard: true };
            if (heard)
                _open!.To.EndLine();
            _open = null;
            return heard;
        }
    }

    /// <inheritdoc />
    public Action<string>? Begins(int cycle, int attempt)
    {
        lock (_lock)
        {
            if (_open is not { } open || open.Cycle != cycle)
                return null;
            if (open.Heard)
                open.To.EndLine(); // what was shown of an attempt that came to nothing stays above
            (open.Attempt, open.Heard) = (attempt, false);
            return piece => Hear(open, attempt, piece);
        }
    }

    private void Hear(Opening opening, int attempt, string piece)
    {
        lock (_lock)
        {
            if (opening != _open || opening.Attempt != attempt)
                return;
            opening.Heard = true;
            opening.To.Write(piece);
        }
    }
}
