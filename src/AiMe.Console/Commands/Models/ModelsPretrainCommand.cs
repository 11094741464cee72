using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AiMe.Console.Output;
using AiMe.Console.Output.Models;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.SavedModels;
using Spectre.Console;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models pretrain</c>: makes the base model of an experiment, and says how far it is from the best possible.</summary>
internal static class ModelsPretrainCommand
{
    public static Command Create()
    {
        var experiment = SharedOptions.ExperimentArgument();
        experiment.Arity = ArgumentArity.ZeroOrOne;
        experiment.Description += $"; {BundledFiles.Quickstart} where it is left out";
        var store = SharedOptions.StoreOption();
        var preset = SharedOptions.OneOf("--preset", "Its size, in place of the experiment's", ["tiny", "small", "base"], many: false);
        var records = SharedOptions.WholeOption(
            "--records",
            "Exchanges of the corpus in its training text, in place of the experiment's",
            least: 1,
            most: int.MaxValue
        );
        var seed = SharedOptions.WholeOption("--seed", "Of its training, in place of the experiment's model.seed", least: 0);
        var heldOut = SharedOptions.WholeOption(
            "--held-out",
            "Exchanges that it is measured on, held out and fresh ones each; 500 unless told otherwise",
            least: 1,
            most: 1_000_000
        );
        var parallel = SharedOptions.WholeOption(
            "--parallel",
            "Threads, as many as there are cores unless told otherwise. The bits do not depend on it",
            least: 1,
            most: 1024
        );
        var json = SharedOptions.JsonOption("The result as one JSON object");
        var command = new Command(
            "pretrain",
            "Train the base model of an experiment into the store, as its run would on first use, and measure it on "
                + "exchanges that no training ever sees, and on fresh ones, beside the floor that the grammar itself sets"
        )
        {
            experiment,
            store,
            preset,
            records,
            seed,
            heldOut,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var named = parsed.GetValue(experiment) ?? BundledFiles.Quickstart;
                string[] sets =
                [
                    .. parsed.GetValue(preset) is [var p] ? [$"model.preset={p}"] : Array.Empty<string>(),
                    .. parsed.GetValue(records) is { } r ? [$"model.records={r}"] : Array.Empty<string>(),
                    .. parsed.GetValue(seed) is { } s ? [$"model.seed={s}"] : Array.Empty<string>(),
                ];
                var loaded = SharedOptions.Load(named, sets, seed: null);
                var nano = NanoOf(loaded, named);
                PreparedModels.Check(loaded); // before a store is made: what is wrong must leave nothing behind
                using var interruption = new Interruption("Ending; nothing is kept of a training that has not ended.");
                var address = parsed.GetRequiredValue(store);
                await using var opened = await Stores.OpenAsync(address, Synchronous.Normal, giveUp: cancellationToken, cancellationToken);
                var threads = (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount);
                var result = await RunDisplay.ShowAsync(display =>
                    Pretraining.EnsureAsync(
                        nano,
                        loaded.CharterFile,
                        opened,
                        (int)(parsed.GetValue(heldOut) ?? 500),
                        threads,
                        display,
                        TimeProvider.System,
                        interruption.Gently
                    )
                );
                if (parsed.GetValue(json))
                    TerminalWriter.Json(Json(result));
                else
                    TerminalWriter.Output.Write(Page(result));
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>The embedded model of an experiment.</summary>
    /// <exception cref="UsageException">It has a hosted one.</exception>
    public static NanoModel NanoOf(Experiment experiment, string named) =>
        experiment.Model as NanoModel
        ?? throw new UsageException(
            $"{named}: its model is a hosted one, expected an experiment with provider nano, whose base model is made here"
        );

    private static Grid Page(Pretraining p) =>
        Lines.Terms([
            ("model", p.Model.Id),
            (
                "made from",
                Text($"preset {p.Recipe.Preset}, {p.Model.Parameters:N0} parameters; {p.Recipe.Records:N0} records, seed {p.Recipe.Seed}")
            ),
            (
                "training",
                Text(
                    $"{(p.WasThere ? "was there already" : $"took {Lines.Span(p.Took)}")}; loss {p.Model.Loss:0.000} nats per token at its end"
                )
            ),
            ("held-out", Loss(p.HeldOut, "that no training ever sees, by their hash")),
            ("fresh", Loss(p.Fresh, "drawn from the training distribution")),
            ("kept in", $"models/{p.Model.Name}"),
        ]);

    private static byte[] Json(Pretraining p) =>
        JsonObject.Of(json =>
        {
            ModelsJson.Pretrained(json, p.Model);
            json.WriteNumber("records", p.Recipe.Records);
            json.WriteNumber("seed", p.Recipe.Seed);
            json.WriteBoolean("wasThere", p.WasThere);
            json.WriteNumber("seconds", Math.Round(p.Took.TotalSeconds, 3));
            json.WriteObject("heldOut", () => Loss(json, p.HeldOut));
            json.WriteObject("fresh", () => Loss(json, p.Fresh));
        });

    private static string Loss(CorpusLoss loss, string which) =>
        Text(
            $"{loss.CrossEntropy:0.000} nats per token, perplexity {loss.Perplexity:0.00}: {loss.Gap:0.0%} above the grammar's own {loss.Floor:0.000}, on {loss.Exchanges:N0} exchanges ({loss.Tokens:N0} tokens) {which}"
        );

    private static void Loss(Utf8JsonWriter json, CorpusLoss loss)
    {
        json.WriteNumber("exchanges", loss.Exchanges);
        json.WriteNumber("tokens", loss.Tokens);
        json.WriteFigure("crossEntropy", loss.CrossEntropy);
        json.WriteFigure("perplexity", loss.Perplexity);
        json.WriteFigure("floor", loss.Floor);
        json.WriteFigure("gap", loss.Gap);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
