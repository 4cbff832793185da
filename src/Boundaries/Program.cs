using ModularShop.Boundaries.Engine;
using ModularShop.Boundaries.Readiness;

return ReadinessCommand.Run(args, Solution.Shop, Console.Out, Console.Error);
