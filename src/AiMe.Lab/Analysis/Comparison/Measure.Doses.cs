namespace AiMe.Lab.Analysis.Comparison;

/// <content>Measures of how much a model was trained.</content>
public sealed partial record Measure
{
    /// <summary>Examples that the model was trained on.</summary>
    public static Measure Examples { get; } =
        OfDose("examples", "examples", "examples in the training sets of the model in use, summed since generation 0", d => d.Examples);

    /// <summary>Passes over examples that the model was trained on.</summary>
    public static Measure Passes { get; } =
        OfDose("passes", "passes", "how often an example was trained on, for the model in use since generation 0", d => d.Passes);

    /// <summary>Tokens that the model was trained on.</summary>
    public static Measure TokensTrained { get; } =
        OfDose("tokensTrained", "tokens trained", "tokens that the model in use was trained on since generation 0", d => d.Tokens);

    private static Measure OfDose(string key, string title, string meaning, Func<TrainingDose, double> of) =>
        new(key, title, meaning, 0, false, 0, Unbounded, OfTheModelAlone: true, (instance, g, _) => instance.At(g, f => of(f.Dose)));
}
