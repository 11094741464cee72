using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Recognition;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary><c>aime recognition</c>: how well instances tell their own texts from others; nothing is written.</summary>
internal static class RecognitionCommand
{
    private const int UsualTexts = 24;

    public static Command Create()
    {
        var run = new Argument<string?>("run")
        {
            Description = $"A run: {SharedOptions.RunForms}. Optional if the store has one run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        run.CompletionSources.Add(Completions.Runs);
        var store = SharedOptions.StoreOption();
        var generation = SharedOptions.WholeOption(
            "--generation",
            "Generation of the models; their texts are the answers of the round after it. Default: the last with such a round",
            least: 0,
            most: PlanLimits.Rounds
        );
        var texts = SharedOptions.WholeOption(
            "--texts",
            $"At most so many texts of an instance, from the first of the round, and of the corpus. Default: {UsualTexts}",
            least: 2,
            most: 10_000
        );
        var parallel = ParallelOption.Create();
        var json = SharedOptions.JsonOption("One JSON object with every instance and every variant");
        var command = new Command(
            "recognition",
            "Measure self-recognition: own texts against a sibling's, an ancestor's and the corpus', from recorded checkpoints and answers"
        )
        {
            run,
            store,
            generation,
            texts,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var state = await StoreLookup.RunAsync(opened, parsed.GetValue(run), cancellationToken);
                if (state.Plan!.Origin is ModelOrigin.Hosted hosted)
                    throw new UsageException(
                        $"{state.Plan.Run} uses the hosted model {hosted.Chat}: recognition by likelihood needs exact log-probabilities of "
                            + "given texts, which servers do not return; expected a run of the embedded model (provider nano)"
                    );
                if (state.Plan.Origin is ModelOrigin.Fitted)
                    throw new UsageException(
                        $"{state.Plan.Run} has a distribution in place of a model, which writes no texts; expected a run of the embedded "
                            + "model (provider nano)"
                    );
                if (state.Plan.Origin is null)
                    throw new UsageException(
                        $"{state.Plan.Run} was recorded by a version that did not record the origin of its model, so its corpus is unknown"
                    );
                var record = await RunRecord.ReadAsync(opened.Journal, state.Plan.Run, cancellationToken);
                var last = RecognitionStudy.LastOf(record);
                var at = (int)(parsed.GetValue(generation) ?? last);
                if (at > last)
                    throw new UsageException(
                        $"--generation: found {at}, expected 0 to {last}: a generation's own texts are the answers of the round after it"
                    );
                var most = (int)(parsed.GetValue(texts) ?? UsualTexts);
                var study = await RecognitionStudy.OpenAsync(opened, record, at, most, cancellationToken);
                if (study.Judges.IsEmpty)
                    throw new UsageException(
                        $"{state.Plan.Run} has no answer after generation {at} yet; `aime list` shows how far its instances are"
                    );
                var report = RecognitionReport.Of(
                    state.Plan.Run,
                    at,
                    most,
                    record.Instances.Length,
                    await RecognitionProgress.ShowAsync(study.Judges.Length, progress =>
                        study.RunAsync(parsed.Threads(parallel), progress, cancellationToken)
                    )
                );
                if (parsed.GetValue(json))
                    TerminalWriter.Json(RecognitionOutput.Of(report));
                else
                    RecognitionView.Write(TerminalWriter.Output, report);
                return ExitCode.Done;
            }
        );
        return command;
    }
}
