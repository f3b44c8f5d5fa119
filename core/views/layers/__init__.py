"""What the page Layers and directions draws: the stepper over a network, states that change, tables of the cards."""
