namespace AiMe.Metrics.Identity;

/// <summary>Why a battery, or a scale, cannot see drift.</summary>
[Flags]
public enum BatteryFault
{
    /// <summary>It can see drift, as far as its answers at birth show.</summary>
    None = 0,

    /// <summary>Too many wordings were not answered.</summary>
    Unanswered = 1,

    /// <summary>The newborn is hardly more in character than chance, so there is no character to lose.</summary>
    NearChance = 2,

    /// <summary>A rewording moves the answers by half of what a loss of all of them would.</summary>
    NearFloor = 4,
}

/// <summary>Judges the figures of a battery by three bounds.</summary>
public static class BatteryVerdict
{
    /// <summary>
    /// Least share of answered wordings: drift and floor leave the others out, so a quarter of them could change unseen.
    /// </summary>
    public const double LeastAnswered = 0.75;

    /// <summary>
    /// Least <see cref="BatteryWorth.AboveChance"/>. At a fifth, an item of four options has .4 on the keyed one, and
    /// forgetting it would be a drift of .019 bits; an item of two has .6, and .007 bits. Floors are above that.
    /// </summary>
    public const double LeastAboveChance = 0.2;

    /// <summary>
    /// Greatest floor as a share of the range: from here on, half of a total loss is no more than a rewording.
    /// </summary>
    public const double MostFloor = 0.5;

    /// <summary>The faults of some figures. A figure that is NaN has none, except that nothing answered is a fault.</summary>
    public static BatteryFault Of(BatteryWorth worth)
    {
        ArgumentNullException.ThrowIfNull(worth);
        var faults = BatteryFault.None;
        if (worth.AnsweredShare < LeastAnswered)
            faults |= BatteryFault.Unanswered;
        if (worth.AboveChance < LeastAboveChance)
            faults |= BatteryFault.NearChance;
        if (worth.Floor >= MostFloor * worth.Range)
            faults |= BatteryFault.NearFloor;
        return faults;
    }
}
