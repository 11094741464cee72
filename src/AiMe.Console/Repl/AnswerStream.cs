using AiMe.Effects;

namespace AiMe.Console.Repl;

/// <summary>Shows an answer while the model produces it, on an interactive terminal.</summary>
internal sealed class AnswerStream : IAnswerListener
{
    private readonly Lock _lock = new();
    private Opening? _open;

    /// <summary>One answer that is shown. Output of other answers that arrives late is discarded.</summary>
    private sealed class Opening(int cycle, WordWrap to)
    {
        public int Cycle => cycle;

        public WordWrap To => to;

        public int Attempt { get; set; }

        public bool Shown { get; set; }
    }

    /// <summary>Shows the answer of one cycle from now on.</summary>
    /// <param name="cycle">The cycle of the answer.</param>
    public void Open(int cycle, WordWrap to)
    {
        lock (_lock)
            _open = new Opening(cycle, to);
    }

    /// <summary>Stops showing the answer.</summary>
    /// <returns>Whether anything of the answer was shown.</returns>
    public bool Close()
    {
        lock (_lock)
        {
            var shown = _open is { Shown: true };
            if (shown)
                _open!.To.EndLine();
            _open = null;
            return shown;
        }
    }

    /// <inheritdoc />
    public Action<string>? Begins(int cycle, int attempt)
    {
        lock (_lock)
        {
            if (_open is not { } open || open.Cycle != cycle)
                return null;
            if (open.Shown)
                open.To.EndLine(); // the output of a failed attempt stays above
            (open.Attempt, open.Shown) = (attempt, false);
            return piece => Show(open, attempt, piece);
        }
    }

    private void Show(Opening opening, int attempt, string piece)
    {
        lock (_lock)
        {
            if (opening != _open || opening.Attempt != attempt)
                return;
            opening.Shown = true;
            opening.To.Write(piece);
        }
    }
}
