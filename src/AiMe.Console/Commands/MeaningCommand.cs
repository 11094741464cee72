using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Meanings;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary><c>aime meaning</c>: novelty and coherence of recorded answers by wording and by meaning; nothing is written.</summary>
internal static class MeaningCommand
{
    public static Command Create()
    {
        var run = new Argument<string?>("run")
        {
            Description = $"A run: {SharedOptions.RunForms}. Optional if the store has one run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        run.CompletionSources.Add(Completions.Runs);
        var store = SharedOptions.StoreOption();
        var parallel = ParallelOption.Create();
        var json = SharedOptions.JsonOption("One JSON object with every round of every instance");
        var command = new Command(
            "meaning",
            "Measure novelty and coherence of recorded answers twice: by wording and by meaning, whichever embedder the run has"
        )
        {
            run,
            store,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var state = await StoreLookup.RunAsync(opened, parsed.GetValue(run), cancellationToken);
                if (state.Plan!.Origin is ModelOrigin.Fitted)
                    throw new UsageException(
                        $"{state.Plan.Run} has a distribution in place of a model, which writes no words; expected a run of a "
                            + "language model"
                    );
                var record = await RunRecord.ReadAsync(opened.Journal, state.Plan.Run, cancellationToken);
                var rows = await MeaningStudy.RunAsync(opened, record, parsed.Threads(parallel), cancellationToken);
                if (parsed.GetValue(json))
                    TerminalWriter.Json(MeaningOutput.Of(state.Plan.Run, rows));
                else
                    MeaningView.Write(TerminalWriter.Output, state.Plan.Run, rows);
                return ExitCode.Done;
            }
        );
        return command;
    }
}
