using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What the model of a generation has been trained on since generation 0, along its lineage.</summary>
/// <remarks>
/// A dose belongs to a model: that of its initial weights plus that of its training. So a training that was rolled back does
/// not count, a training that starts from the base model restarts the count, and a champion chosen by hand brings its own.
/// </remarks>
/// <param name="Examples">Examples, or pairs, of the training sets, summed over the trainings.</param>
/// <param name="Passes">
/// How often any example, or any pair, was trained on (examples times epochs, if epochs are planned), summed likewise; NaN if
/// a trainer did not report it.
/// </param>
/// <param name="Tokens">Tokens trained on, over all passes; NaN if a trainer did not report them.</param>
public sealed record TrainingDose(double Examples, double Passes, double Tokens)
{
    /// <summary>Of the base model.</summary>
    public static readonly TrainingDose None = new(0, 0, 0);

    /// <summary>Of a model whose training is not in the journal.</summary>
    public static readonly TrainingDose Unknown = new(double.NaN, double.NaN, double.NaN);

    /// <summary>The dose of each generation that was probed, by its number.</summary>
    /// <param name="generation0">The instance's model of generation 0.</param>
    /// <param name="events">All events of the instance, in order.</param>
    public static Dictionary<int, TrainingDose> ByGeneration(ModelId generation0, IEnumerable<Event> events)
    {
        var ofModel = new Dictionary<ModelId, TrainingDose> { [generation0] = None };
        var ofGeneration = new Dictionary<int, TrainingDose>();
        TrainingPlan? planned = null;
        foreach (var happened in events)
        {
            switch (happened)
            {
                case TrainerBegan began:
                    ofModel[began.Base] = None;
                    break;
                case Planned p:
                    planned = p.Plan;
                    break;
                case Trained trained when planned is not null:
                    ofModel[trained.Candidate] = ofModel.GetValueOrDefault(planned.Start, Unknown).After(planned, trained.Figures);
                    break;
                case Probed probed:
                    ofGeneration[probed.Generation] = ofModel.GetValueOrDefault(probed.Model, Unknown);
                    break;
            }
        }

        return ofGeneration;
    }

    private TrainingDose After(TrainingPlan plan, TrainingFigures figures) =>
        new(Examples + Told(figures.Examples), Passes + (figures.PassesUnder(plan) ?? double.NaN), Tokens + Told(figures.Tokens));

    private static double Told(long count) => count == TrainingFigures.NotTold ? double.NaN : count;
}
