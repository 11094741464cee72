using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.Console.Repl.Slash;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs;
using AiMe.Models;
using Spectre.Console;

namespace AiMe.Console.Repl;

/// <summary>Output style of a conversation.</summary>
/// <param name="Json">One JSON object per turn and per command.</param>
/// <param name="Scripted">Input is a script: it is echoed, and failures set the exit code.</param>
internal sealed record TalkStyle(bool Json, bool Scripted);

/// <summary>Reads, runs and shows line after line.</summary>
internal sealed class TalkLoop(Conversation talk, ILineSource lines, TalkSignals signals, TalkStyle style)
{
    private int _failures;

    /// <summary>Runs until the last line, /quit, Ctrl-D or a signal.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        while (!signals.Leaving.IsCancellationRequested && await lines.NextAsync(signals.Leaving) is { } line)
        {
            var entered = Entered.Of(line);
            if (entered is Entered.Nothing)
                continue;
            if (style is { Scripted: true, Json: false })
                TerminalWriter.Line($"> {line.Trim()}");
            Show(entered, line.Trim(), await DoAsync(entered));
            if (entered is Entered.Order { Command: QuitCommand } || talk.Progress.Status == InstanceState.Parked)
                break;
        }

        if (signals.Leaving.IsCancellationRequested)
            return ExitCode.Interrupted;
        return style.Scripted && _failures > 0 || talk.Progress.Status == InstanceState.Parked ? ExitCode.Error : ExitCode.Done;
    }

    private async Task<TalkReply> DoAsync(Entered entered)
    {
        try
        {
            return entered switch
            {
                Entered.PlainText w => await signals.DoAsync(cancelled => talk.SayAsync(w.Text, cancelled)),
                Entered.Order o => await signals.DoAsync(cancelled => o.Command.RunAsync(talk, o.Argument, cancelled)),
                Entered.UnknownCommand u => TalkReply.FailingCommand(u.Why),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (Exception e) when (e is UsageException or ProviderException or ModelPreparationException)
        {
            return entered is Entered.PlainText ? TalkReply.FailingTurn(e.Message) : TalkReply.FailingCommand(e.Message);
        }
        catch (OperationCanceledException) when (!signals.Now.IsCancellationRequested)
        {
            return TalkReply.Saying("cancelled");
        }
    }

    private void Show(Entered entered, string line, TalkReply reply)
    {
        _failures += reply.Error is null ? 0 : 1;
        if (style.Json)
        {
            TerminalWriter.Json(
                reply.Document(
                    talk.Instance,
                    entered switch
                    {
                        Entered.Order o => o.Command.Name,
                        Entered.PlainText said => said.Text,
                        _ => line,
                    }
                )
            );
            return;
        }

        if (reply.Error is { } why && entered is Entered.PlainText)
            TalkText.Write(TerminalWriter.Output, $"! {why}"); // part of the conversation
        else if (reply.Error is { } wrong)
            System.Console.Error.WriteLine($"error: {wrong}");
        reply.Page(TerminalWriter.Output);
        TerminalWriter.Output.WriteLine();
    }
}
