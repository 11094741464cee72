namespace AiMe.MiniLm.Tests;

/// <summary>Pairs of sentences that say the same in other words.</summary>
internal static class Paraphrases
{
    public static readonly (string One, string Other)[] Pairs =
    [
        ("The doctor told him to stop smoking.", "A physician advised the man to give up cigarettes."),
        ("Our flight was delayed by heavy snow.", "Bad winter weather made the plane leave late."),
        ("She bought a used car last week.", "A few days ago she acquired a second-hand automobile."),
        ("The company fired half of its staff.", "Every other employee was laid off by the firm."),
        ("Children love playing outdoors.", "Kids enjoy games in the open air."),
        ("The soup is too salty.", "There is far more salt in this broth than there should be."),
        ("He could not sleep because of the noise.", "The racket kept him awake all night."),
        ("Prices went up sharply this year.", "Goods have become much more expensive in recent months."),
        ("The bridge collapsed after the flood.", "High water destroyed the crossing over the river."),
        ("I forgot my umbrella and got wet.", "Rain soaked me, since I had left my brolly at home."),
        ("The teacher praised her essay.", "Her composition was commended by the instructor."),
        ("Our dog barks at strangers.", "The hound growls whenever someone unknown turns up."),
        ("The film was boring.", "That movie put me to sleep."),
        ("He quit his job to travel the world.", "After resigning, the man toured the globe."),
        ("The shop shuts at six in the evening.", "Closing time of the store is 18:00."),
        ("A thief stole her purse on the train.", "Her handbag was taken by a pickpocket in the railway carriage."),
        ("Water boils at one hundred degrees.", "At 100 C the liquid turns into steam."),
        ("The baby finally fell asleep.", "At last the infant is dozing."),
        ("I cannot afford a new computer.", "A modern laptop is beyond my budget."),
        ("The team won the final match.", "The squad was victorious in the last game."),
        ("She speaks three languages fluently.", "Being trilingual, this woman talks with ease."),
        ("The old house is said to be haunted.", "People claim that ghosts live in that ancient building."),
        ("He apologized for his mistake.", "The man said sorry about the error."),
        ("My grandmother grows tomatoes.", "Granny cultivates vegetables in her garden."),
    ];
}
