namespace AiMe.Console.Commands;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Something failed while it ran.</summary>
    public const int Error = 1;

    /// <summary>The input is wrong; nothing was written.</summary>
    public const int Usage = 2;

    /// <summary>The budget is used up; raised, the same command goes on.</summary>
    public const int Budget = 4;

    /// <summary>What is stored is not what was written.</summary>
    public const int Diverged = 5;

    /// <summary>Interrupted; the same command goes on.</summary>
    public const int Interrupted = 130;
}
