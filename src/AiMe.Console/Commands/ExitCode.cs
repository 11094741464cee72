namespace AiMe.Console.Commands;

/// <summary>Exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A failure at run time.</summary>
    public const int Error = 1;

    /// <summary>The input is wrong; nothing was written.</summary>
    public const int Usage = 2;

    /// <summary>The budget is used up; raise it and run the same command to resume.</summary>
    public const int Budget = 4;

    /// <summary>The store differs from what was recorded.</summary>
    public const int Diverged = 5;

    /// <summary>The run waits for people's verdicts; answer them and run the same command to resume.</summary>
    public const int InReview = 6;

    /// <summary>Interrupted; run the same command to resume.</summary>
    public const int Interrupted = 130;
}
