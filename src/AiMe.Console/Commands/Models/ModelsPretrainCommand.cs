using System.CommandLine;
using System.Globalization;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.SavedModels;
using Spectre.Console;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models pretrain</c>: trains the base model of an experiment, and measures it.</summary>
internal static class ModelsPretrainCommand
{
    public static Command Create()
    {
        var experiment = SharedOptions.ExperimentArgument();
        experiment.Arity = ArgumentArity.ZeroOrOne;
        experiment.Description += $". Default: {BundledFiles.Quickstart}";
        var store = SharedOptions.StoreOption();
        var preset = SharedOptions.OneOf("--preset", "Model size, instead of the experiment's", ["tiny", "small", "base"], many: false);
        var records = SharedOptions.WholeOption(
            "--records",
            "Number of exchanges in the training text, instead of the experiment's",
            least: 1,
            most: PlanLimits.Records
        );
        var seed = SharedOptions.WholeOption(
            "--seed",
            "Seed of the training, instead of the experiment's model.seed",
            least: 0,
            most: long.MaxValue
        );
        var heldOut = SharedOptions.WholeOption(
            "--held-out",
            "Number of held-out exchanges, and of freshly drawn ones, for the measurement. Default: 500",
            least: 1,
            most: 1_000_000
        );
        var parallel = ParallelOption.Create("Threads. Default: the number of cores. The result is bitwise the same for any number");
        var json = SharedOptions.JsonOption("One JSON object for each model");
        var command = new Command(
            "pretrain",
            "Train the base model of an experiment, and of each variant with a model of its own, into the store, as its first run "
                + "would, and measure its loss on held-out and on freshly drawn exchanges against the entropy of the grammar"
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
                PreparedModels.Check(loaded); // before the store is created
                using var interruption = new Interruption("Stopping; nothing of an unfinished training is stored.");
                var address = parsed.GetRequiredValue(store);
                await using var opened = await Stores.OpenAsync(address, Synchronous.Normal, giveUp: cancellationToken, cancellationToken);
                var threads = parsed.Threads(parallel);
                // A size that is named on the command line is meant alone.
                foreach (var model in sets.Length > 0 ? [nano] : loaded.Models.Cast<NanoModel>())
                {
                    var result = await RunDisplay.ShowAsync(display =>
                        Pretraining.EnsureAsync(
                            model,
                            loaded,
                            opened,
                            (int)(parsed.GetValue(heldOut) ?? 500),
                            threads,
                            display,
                            TimeProvider.System,
                            interruption.Gently
                        )
                    );
                    if (parsed.GetValue(json))
                        TerminalWriter.Json(ModelsPretrainOutput.Of(result));
                    else
                        TerminalWriter.Output.Write(Page(result));
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>The embedded model of an experiment.</summary>
    /// <exception cref="UsageException">The experiment has another model.</exception>
    public static NanoModel NanoOf(Experiment experiment, string named) =>
        experiment.Model is NanoModel { Checkpoint: null } nano
            ? nano
            : throw new UsageException(
                $"{named} has {Other(experiment.Model)}, expected an experiment with a preset of provider nano: only its base model is "
                    + "trained here"
            );

    private static string Other(BaseModel model) =>
        model switch
        {
            DistributionModel => "a distribution in place of a model",
            NanoModel => "a checkpoint that was trained elsewhere",
            _ => "a hosted model",
        };

    private static Grid Page(Pretraining p) =>
        Lines.Terms([
            ("model", p.Model.Id),
            (
                "made from",
                Text($"preset {p.Recipe.Preset}, {p.Model.Parameters:N0} parameters; {p.Recipe.Records:N0} records, seed {p.Recipe.Seed}")
            ),
            (
                "training",
                Text($"{(p.WasThere ? "already done" : $"took {Plain.Span(p.Took)}")}; final loss {p.Model.Loss:0.000} nats per token")
            ),
            ("held-out", Loss(p.HeldOut, "excluded from all training by their hash")),
            ("fresh", Loss(p.Fresh, "drawn from the training distribution")),
            ("stored in", $"models/{p.Model.Name}"),
        ]);

    private static string Loss(CorpusLoss loss, string which) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{loss.CrossEntropy:0.000} nats per token, perplexity {loss.Perplexity:0.00}: {loss.Gap:0.0%} above the grammar's "
                + $"entropy {loss.Floor:0.000}, on {loss.Exchanges:N0} exchanges ({loss.Tokens:N0} tokens) {which}"
        );

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
