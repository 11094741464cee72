namespace AiMe.Simulation.Invariants;

/// <summary>Checks the submissions to the training server.</summary>
public sealed record SubmittedOnce() : Invariant("submitted", "an external training job is submitted at most once per plan")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var (key, times) in evidence.Submissions)
        {
            if (times > 1)
                return $"the job {key} was submitted {times} times";
        }

        return null;
    }
}
