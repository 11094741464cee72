using AiMe.Lab;
using Spectre.Console;

namespace AiMe.Console.Views;

/// <summary>The comparison of a run, and where to look next.</summary>
internal static class ComparePage
{
    public static void Write(RunRecord record) => Terminal.Output.WriteLine("TODO " + record.Plan.Run);

    public static void Write(RunRecord record, RunOutcome outcome, string directory) => Write(record);

    public static byte[] Json(RunRecord record) => [];
}
